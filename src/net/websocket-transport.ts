// A WebSocket as a Transport (RFC 7395): one text frame in, one text frame out.
import type { Socket } from "node:net";
import type { RawData, WebSocket } from "ws";
import type { TlsFacts, Transport, TransportEvents } from "./transport.js";

export interface WebSocketFacts {
  /** The client's, also behind a trusted proxy. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly tls: TlsFacts | undefined;
  readonly isTrusted: boolean;
}

/** Status codes of RFC 6455 §7.4.1. */
const closeCode = { normal: 1000, unsupportedData: 1003 } as const;

/** Milliseconds that a peer has to answer when we break off. */
const answerTimeout = 5_000;

export class WebSocketTransport implements Transport {
  readonly kind = "websocket";
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly tls: TlsFacts | undefined;
  readonly isTrusted: boolean;
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  #events: TransportEvents | undefined;
  #error: Error | undefined;
  #state: "open" | "ending" | "closed" = "open";

  /** `socket` is what lies under the WebSocket, TLS included. */
  constructor(webSocket: WebSocket, socket: Socket, facts: WebSocketFacts) {
    this.remoteAddress = facts.remoteAddress;
    this.remotePort = facts.remotePort;
    this.tls = facts.tls;
    this.isTrusted = facts.isTrusted && facts.tls === undefined;
    this.#webSocket = webSocket;
    this.#socket = socket;
    webSocket.on("error", (error) => this.#breakOff(error)); // the library has said why, by a close frame
    webSocket.on("close", () => this.#gone());
  }

  get bufferedBytes(): number {
    return this.#webSocket.bufferedAmount;
  }

  listen(events: TransportEvents): void {
    this.#events = events;
    this.#webSocket.on("message", (data, isBinary) => this.#heard(data, isBinary));
    this.#socket.on("drain", () => {
      if (this.#state === "open") events.drained();
    });
  }

  write(text: string, isAscii: boolean): boolean {
    return this.writeBytes(Buffer.from(text, isAscii ? "latin1" : "utf8"));
  }

  writeBytes(bytes: Buffer): boolean {
    if (this.#state !== "open") return true;
    this.#gather();
    this.#webSocket.send(bytes, { binary: false });
    return !this.#socket.writableNeedDrain;
  }

  flushed(done: () => void): void {
    if (this.#state === "open") this.#socket.write("", (error) => error ?? done());
    else if (this.#state === "ending") this.#socket.once("finish", done);
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  /** RFC 7395 §3.9: TLS lies under the WebSocket; there is no STARTTLS. */
  async startTls(): Promise<void> {
    throw new Error("a WebSocket can't be upgraded to TLS");
  }

  end(timeout: number): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.#webSocket.close(closeCode.normal);
    this.#webSocket.resume(); // else the peer's close frame is never seen
    setTimeout(terminateLate, timeout, this.#webSocket).unref();
  }

  destroy(): void {
    this.#webSocket.terminate();
  }

  /** What is written in one go leaves in one piece: a packet and a TLS record for all frames together. */
  #gather(): void {
    if (this.#socket.writableCorked > 0) return;
    this.#socket.cork();
    process.nextTick(uncork, this.#socket);
  }

  #heard(data: RawData, isBinary: boolean): void {
    if (this.#state !== "open") return;
    // RFC 7395 §3.2: "Data frame messages in the XMPP subprotocol MUST be of the text type".
    if (!isBinary && Buffer.isBuffer(data)) return this.#events?.received(data);
    this.#webSocket.close(closeCode.unsupportedData, "text frames only");
    this.#breakOff(new Error("a frame that is not of the text type"));
  }

  /** Behind our close frame nothing can be sent, whether the peer answers it soon or not at all: so it is over now. */
  #breakOff(error: Error): void {
    this.#error ??= error;
    if (this.#state !== "open") return;
    this.#state = "closed";
    setTimeout(terminateLate, answerTimeout, this.#webSocket).unref();
    this.#events?.closed(error);
  }

  #gone(): void {
    if (this.#state === "closed") return;
    const hadEnded = this.#state === "ending";
    this.#state = "closed";
    if (!hadEnded && this.#error === undefined) this.#events?.ended();
    this.#events?.closed(this.#error);
  }
}

function uncork(socket: Socket): void {
  socket.uncork();
}

function terminateLate(webSocket: WebSocket): void {
  webSocket.terminate();
}
