// The wires below an XMPP stream: a byte stream (TCP, TLS or in memory), or a WebSocket.
import { connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { connect as connectTls, type SecureVersion, type TLSSocket } from "node:tls";
import { WebSocket } from "ws";

/** Receives what the peer sends, and, once, why nothing will follow. */
export interface TransportListener {
  text(text: string): void;
  ended(reason: string): void;
}

/** How TLS is to be negotiated: the name for SNI, and the only version to be accepted, when one is asked for. */
export interface TlsWish {
  readonly servername: string;
  readonly isTrusted: boolean;
  readonly version?: SecureVersion;
  readonly alpn?: string;
}

/** A connection that carries text. `isFramed` says that every write is one WebSocket message (RFC 7395). */
export interface Transport {
  readonly isFramed: boolean;
  /** The TLS layer, for channel binding; undefined in clear text. */
  readonly tls: TLSSocket | undefined;
  write(data: string | Uint8Array): void;
  startTls(wish: TlsWish): Promise<void>;
  /** A ping frame (RFC 6455 §5.5.2); resolves with the pong. */
  ping(): Promise<void>;
  end(): void;
  destroy(): void;
}

/** TCP to this address, or whatever byte stream the caller made (an in-memory pair, for instance). */
export async function openTcp(address: string, port: number, listener: TransportListener): Promise<Transport> {
  const socket = connectTcp({ host: address, port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  return new ByteTransport(socket, listener);
}

/** XML over any byte stream. */
export class ByteTransport implements Transport {
  readonly isFramed = false;
  tls: TLSSocket | undefined;
  private decoder = new StringDecoder("utf8");
  private hasEnded = false;

  constructor(
    private socket: Duplex,
    private readonly listener: TransportListener,
  ) {
    this.listen();
  }

  write(data: string | Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(data);
  }

  /** Negotiates TLS on the connection; what comes afterwards is what TLS carries. */
  async startTls(wish: TlsWish): Promise<void> {
    this.socket.removeAllListeners();
    const tls = connectTls({ ...tlsOptions(wish), socket: this.socket });
    this.socket = tls;
    this.decoder = new StringDecoder("utf8");
    await new Promise<void>((resolve, reject) => {
      tls.once("secureConnect", resolve);
      tls.once("error", reject);
      tls.once("close", () => reject(new Error("the connection was closed during the TLS handshake")));
    });
    tls.removeAllListeners("error").removeAllListeners("close");
    this.tls = tls;
    this.listen();
  }

  async ping(): Promise<void> {
    throw new Error("only a WebSocket has pings of its own");
  }

  end(): void {
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private listen(): void {
    this.socket.on("data", (bytes: Buffer) => this.listener.text(this.decoder.write(bytes)));
    this.socket.on("end", () => this.stop("closed by the server"));
    this.socket.on("error", (error) => this.stop(error.message));
    this.socket.on("close", () => this.stop("closed"));
  }

  private stop(reason: string): void {
    if (!this.hasEnded) this.listener.ended(reason);
    this.hasEnded = true;
  }
}

function tlsOptions(wish: TlsWish) {
  // OpenSSL speaks TLS 1.1 only without its usual security level, and the server is to refuse it, not we.
  const ciphers = "DEFAULT@SECLEVEL=0";
  const limits = wish.version === undefined ? {} : { minVersion: wish.version, maxVersion: wish.version, ciphers };
  const alpn = wish.alpn === undefined ? {} : { ALPNProtocols: [wish.alpn] };
  return { servername: wish.servername, rejectUnauthorized: wish.isTrusted, ...limits, ...alpn };
}

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
