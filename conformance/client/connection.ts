// A connection to the server under test: sends text, and hands out what arrives, one event at a time.
import { NS, parseDocument, serialize, type XmlElement } from "../xml/element.js";
import { Queue } from "./queue.js";
import { StreamReader, type StreamEvent } from "../xml/stream-reader.js";
import type { TlsIdentity, TlsWish, Transport, TransportListener } from "./transport.js";

/** Something did not come in time. */
export class TooLate extends Error {}

/** One XMPP connection of one character, before and after its stream restarts. */
export class Connection {
  /** What went over the wire, newest last, for reports: `→ …` and `← …`. */
  readonly transcript: string[] = [];
  private readonly events = new Queue<StreamEvent>();
  private noteEnd: () => void = () => undefined;
  /** Whether the server has ended the stream or the connection, be that looked at or not. */
  hasEnded = false;
  /** Resolves at that moment. */
  readonly ended = new Promise<void>((resolve) => (this.noteEnd = resolve));
  private reader: StreamReader | undefined;
  private transport: Transport | undefined;

  /** @param patience milliseconds to wait for one event */
  constructor(private readonly patience: number) {}

  /** Connects by `opening`, which gets the listener that feeds this connection. */
  async open(opening: (listener: TransportListener) => Promise<Transport>): Promise<void> {
    this.transport = await opening({
      text: (text) => this.take(text),
      ended: (reason) => this.push({ kind: "connection-end", reason }),
    });
  }

  /** The transport in use. @throws Error before `open` */
  get wire(): Transport {
    if (this.transport === undefined) throw new Error("not connected");
    return this.transport;
  }

  send(data: string | Uint8Array): void {
    this.note(`→ ${typeof data === "string" ? data : Buffer.from(data).toString("hex")}`);
    this.wire.write(data);
  }

  /** From now on the server's text is a new stream. */
  expectNewStream(): void {
    this.reader = undefined;
  }

  /** From now on the server's text means nothing; only the end of the connection is noticed. */
  expectNoXml(): void {
    this.reader = new StreamReader(() => undefined);
  }

  async startTls(wish: TlsWish): Promise<void> {
    this.expectNewStream();
    await this.wire.startTls(wish);
  }

  /** TLS as the side that was connected to, with this certificate, trusting this authority (PEM). */
  async acceptTls(identity: TlsIdentity | undefined, authority: string): Promise<void> {
    this.expectNewStream();
    await this.wire.acceptTls(identity, authority);
  }

  /** The next event. @throws TooLate when none comes within the patience */
  async next(): Promise<StreamEvent> {
    const event = await this.events.take(this.patience);
    if (event === undefined) throw new TooLate(`nothing came within ${this.patience} ms`);
    return event;
  }

  /** Waits for an event without taking it, for the patience or so many milliseconds. Gives whether there is one. */
  hasEvent(milliseconds = this.patience): Promise<boolean> {
    return this.events.isFilled(milliseconds);
  }

  /** Whether something has come that is not the end. */
  async goesOn(): Promise<boolean> {
    const event = await this.events.take(0);
    if (event !== undefined) this.events.putBack([event]);
    return event !== undefined && event.kind !== "stream-end" && event.kind !== "connection-end";
  }

  /** Puts events back in front of the queue, oldest first. */
  putBack(events: readonly StreamEvent[]): void {
    this.events.putBack(events);
  }

  /** The next first-level element. @throws Error when something else comes */
  async nextElement(): Promise<XmlElement> {
    const event = await this.next();
    if (event.kind !== "element") throw new Error(`expected an element, but came ${describe(event)}`);
    return event.element;
  }

  close(): void {
    this.transport?.destroy();
  }

  private take(text: string): void {
    this.note(`← ${text}`);
    if (this.transport?.isFramed === true) this.takeFrame(text);
    else (this.reader ??= new StreamReader((event) => this.push(event))).write(text);
  }

  private takeFrame(text: string): void {
    let element: XmlElement;
    try {
      element = parseDocument(text);
    } catch (error) {
      this.push({ kind: "rubbish", reason: error instanceof Error ? error.message : String(error) });
      return;
    }
    if (element.namespace !== NS.framing) this.push({ kind: "element", element });
    else this.push(element.name === "close" ? { kind: "stream-end" } : { kind: "header", element });
  }

  private push(event: StreamEvent): void {
    if (event.kind === "stream-end" || event.kind === "connection-end") {
      this.hasEnded = true;
      this.noteEnd();
    }
    this.events.push(event);
  }

  private note(line: string): void {
    this.transcript.push(line.length > 1000 ? `${line.slice(0, 1000)}… (${line.length} characters)` : line);
    if (this.transcript.length > 40) this.transcript.shift();
  }
}

/** A readable sentence part for a report. */
export function describe(event: StreamEvent): string {
  switch (event.kind) {
    case "element":
      return serialize(event.element);
    case "header":
      return `the stream header ${serialize(event.element)}`;
    case "stream-end":
      return "the end of the stream";
    case "connection-end":
      return `the end of the connection (${event.reason})`;
    case "rubbish":
      return `text that is not well-formed: ${event.reason}`;
  }
}
