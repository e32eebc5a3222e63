// A connection without a network: what the server writes goes straight to a client of the same process, and back.
import type { Transport, TransportEvents } from "../../src/net/transport.js";

/** The client's end. */
export interface ClientEnd {
  received(text: string): void;
  closed(): void;
}

export interface FakeConnection {
  /** "192.0.2.1" unless said. */
  readonly remoteAddress?: string;
  /** "tcp" unless said; a WebSocket's writes are frames. */
  readonly kind?: Transport["kind"];
  /** True: as good as encrypted. */
  readonly isTrusted?: boolean;
}

export class FakeTransport implements Transport {
  readonly kind: Transport["kind"];
  readonly remoteAddress: string;
  readonly remotePort = 5222;
  readonly tls = undefined;
  readonly isTrusted: boolean;
  #events: TransportEvents | undefined;
  #isOpen = true;
  #isPaused = false;
  readonly #toServer: string[] = [];
  #toClient: string[] | undefined;
  #waiting: (() => void)[] = [];

  constructor(
    private readonly client: ClientEnd,
    { remoteAddress = "192.0.2.1", kind = "tcp", isTrusted = true }: FakeConnection,
  ) {
    this.kind = kind;
    this.remoteAddress = remoteAddress;
    this.isTrusted = isTrusted;
  }

  get bufferedBytes(): number {
    return (this.#toClient ?? []).reduce((sum, text) => sum + text.length, 0);
  }

  listen(events: TransportEvents): void {
    this.#events = events;
  }

  write(text: string, isAscii: boolean): boolean {
    // as a socket does: who says ASCII of what is not spoils it
    return this.writeBytes(Buffer.from(text, isAscii ? "latin1" : "utf8"));
  }

  writeBytes(bytes: Buffer): boolean {
    if (!this.#isOpen) return true;
    const text = bytes.toString();
    if (this.#toClient === undefined) this.client.received(text);
    else this.#toClient.push(text);
    return this.#toClient === undefined;
  }

  flushed(done: () => void): void {
    if (!this.#isOpen) return;
    if (this.#toClient === undefined) done();
    else this.#waiting.push(done);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    while (this.#toServer.length > 0 && !this.#isPaused) this.#deliver(this.#toServer.shift() ?? "");
  }

  async startTls(): Promise<void> {
    throw new Error("There is no TLS on this connection.");
  }

  end(): void {
    this.#close();
  }

  destroy(): void {
    this.#close();
  }

  /** The client writes. */
  clientWrites(text: string): void {
    if (!this.#isOpen) throw new Error("The connection is closed.");
    if (this.#isPaused) this.#toServer.push(text);
    else this.#deliver(text);
  }

  /** The connection is lost without a word; what the client has not read is gone. */
  clientVanishes(): void {
    this.#close(new Error("The connection was lost."));
  }

  /** The client reads nothing until clientReads(). */
  clientStopsReading(): void {
    this.#toClient ??= [];
  }

  clientReads(): void {
    const unread = this.#toClient ?? [];
    this.#toClient = undefined;
    for (const text of unread) this.client.received(text);
    for (const done of this.#waiting.splice(0)) done();
    this.#events?.drained();
  }

  #deliver(text: string): void {
    this.#events?.received(Buffer.from(text));
  }

  #close(error?: Error): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.client.closed();
    setImmediate(() => this.#events?.closed(error));
  }
}
