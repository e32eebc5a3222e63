// The wire whose messages are frames of XML: a WebSocket (RFC 7395).
import { WebSocket } from "ws";
import type { Transport, TransportListener } from "./transport.js";

/** XML over WebSocket messages. */
export async function openWebSocket(
  url: string,
  isTrusted: boolean,
  listener: TransportListener,
  subprotocols: string[] = ["xmpp"],
): Promise<Transport> {
  const socket = new WebSocket(url, subprotocols, { rejectUnauthorized: isTrusted });
  // ws gives a Buffer for every message as long as binaryType is left alone.
  socket.on("message", (data: Buffer) => listener.text(data.toString("utf8")));
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  socket.on("error", (error) => listener.ended(error.message));
  socket.on("close", (code) => listener.ended(`closed with WebSocket code ${code}`));
  return new FrameTransport(socket);
}

class FrameTransport implements Transport {
  readonly isFramed = true;
  readonly tls = undefined;

  constructor(private readonly socket: WebSocket) {}

  write(data: string | Uint8Array): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(data);
  }

  async startTls(): Promise<void> {
    throw new Error("there is no STARTTLS over WebSocket");
  }

  async acceptTls(): Promise<void> {
    throw new Error("nobody opens a WebSocket to the suite");
  }

  async ping(): Promise<void> {
    const pong = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no pong came within 5 s")), 5000);
      this.socket.once("pong", () => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.socket.ping();
    await pong;
  }

  end(): void {
    this.socket.close();
  }

  destroy(): void {
    this.socket.terminate();
  }
}
