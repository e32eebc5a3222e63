// TCP and TLS over TCP as a Transport (RFC 6120 §3, §5; XEP-0368).
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { withoutMapping } from "./addresses.js";
import type { TlsFacts, Transport, TransportEvents } from "./transport.js";

export interface SecuredSocket {
  readonly socket: TLSSocket;
  readonly facts: TlsFacts;
}

/** What all connections of one listener share. */
export interface TcpSurroundings {
  readonly isTrusted: boolean;
  /** Takes a socket into TLS, showing the certificate of `host`. */
  secure(socket: Socket, host: string): Promise<SecuredSocket>;
}

const transportOf: unique symbol = Symbol("transport");
declare module "node:net" {
  interface Socket {
    // Leads the listeners below, which all sockets share, from the socket to its transport.
    [transportOf]?: TcpTransport;
  }
}

export class TcpTransport implements Transport {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #surroundings: TcpSurroundings;
  #socket: Socket;
  #tls: TlsFacts | undefined;
  #events: TransportEvents | undefined;
  #error: Error | undefined;
  #state: "open" | "upgrading" | "ending" | "closed" = "open";

  /** `facts` for a socket that is in TLS already. */
  constructor(socket: Socket, surroundings: TcpSurroundings, facts?: TlsFacts) {
    this.remoteAddress = withoutMapping(socket.remoteAddress ?? "");
    this.remotePort = socket.remotePort ?? 0;
    this.#surroundings = surroundings;
    this.#socket = socket;
    this.#tls = facts;
    socket[transportOf] = this;
    socket.on("error", onError).on("close", onClose);
  }

  get kind(): "tcp" {
    return "tcp";
  }

  get tls(): TlsFacts | undefined {
    return this.#tls;
  }

  get isTrusted(): boolean {
    return this.#surroundings.isTrusted && this.#tls === undefined;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  listen(events: TransportEvents): void {
    this.#events = events;
    this.#hear(this.#socket);
  }

  write(text: string, isAscii: boolean): boolean {
    // During an upgrade it would go out in clear; after end() it would come after the last byte.
    if (this.#state !== "open") return true;
    // Latin 1 goes to the kernel as it lies in memory, without a look at each character.
    return this.#socket.write(text, isAscii ? "latin1" : "utf8");
  }

  writeBytes(bytes: Buffer): boolean {
    return this.#state === "open" ? this.#socket.write(bytes) : true;
  }

  flushed(done: () => void): void {
    // Callbacks of writes come in order, so that of an empty one comes last; after end() even that is an error.
    if (this.#state === "open") this.#socket.write("", (error) => error ?? done());
    else if (this.#state === "ending") this.#socket.once("finish", done);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  async startTls(host: string): Promise<void> {
    if (this.#state !== "open" || this.#tls !== undefined) throw new Error("TLS can't be started in this state");
    this.#state = "upgrading";
    const clear = this.#socket;
    discardIncoming(clear);
    const { socket, facts } = await this.#surroundings.secure(clear, host);
    clear.off("error", onError).off("close", onClose).on("error", ignoreError);
    this.#socket = socket;
    this.#tls = facts;
    this.#state = "open";
    socket[transportOf] = this;
    socket.on("error", onError).on("close", onClose);
    this.#hear(socket);
  }

  end(timeout: number): void {
    if (this.#state === "upgrading") this.destroy();
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.#socket.end();
    this.#socket.resume(); // else the peer's last byte is never seen
    // Timers of one length share a list in Node, so ten thousand at once at a shutdown cost little.
    setTimeout(destroyLate, timeout, this).unref();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** For the listeners below. */
  heard(bytes: Buffer): void {
    if (this.#state === "open") this.#events?.received(bytes);
  }

  /** For the listeners below. */
  emptied(): void {
    if (this.#state === "open") this.#events?.drained();
  }

  /** For the listeners below. */
  finished(): void {
    if (this.#state === "open") this.#events?.ended();
  }

  /** For the listeners below. */
  failed(error: Error): void {
    this.#error = error;
  }

  /** For the listeners below. */
  gone(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#events?.closed(this.#error);
  }

  #hear(socket: Socket): void {
    socket.on("data", onData).on("drain", onDrain).on("end", onEnd);
  }
}

/** RFC 6120 §5.4.3.3: what the peer sent in clear before the handshake is none of the stream's business. */
function discardIncoming(socket: Socket): void {
  socket.off("data", onData).off("drain", onDrain).off("end", onEnd);
  while (socket.read() !== null);
}

function onData(this: Socket, bytes: Buffer): void {
  this[transportOf]?.heard(bytes);
}

function onDrain(this: Socket): void {
  this[transportOf]?.emptied();
}

function onEnd(this: Socket): void {
  this[transportOf]?.finished();
}

function onError(this: Socket, error: Error): void {
  this[transportOf]?.failed(error);
}

/** Errors of the socket under TLS come out of the TLS socket too; without a listener they would end the process. */
function ignoreError(): void {}

function onClose(this: Socket): void {
  this[transportOf]?.gone();
}

function destroyLate(transport: TcpTransport): void {
  transport.destroy();
}
