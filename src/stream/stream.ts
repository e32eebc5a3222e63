// One stream on one transport: header and footer, errors, closing, and the outbox (RFC 6120 §4, RFC 7395 §3).
import { randomBytes } from "node:crypto";
import type { Transport, TransportEvents } from "../net/transport.js";
import type { Stanza } from "../stanza/stanza.js";
import type { Fragment } from "../xml/fragment.js";
import { XmlFault } from "../xml/fault.js";
import type { ReaderLimits } from "../xml/limits.js";
import type { StreamOpening } from "../xml/opening.js";
import { readFrame } from "../xml/frame.js";
import { type ReaderEvents, StreamReader } from "../xml/reader.js";
import { framingNamespace, type HeaderFacts } from "./framing.js";
import { isLanguage, openingOf } from "./opening-frame.js";
import { Outbox } from "./outbox.js";
import { StreamError } from "./stream-error.js";
import type { StreamHandler, StreamOptions } from "./stream-parts.js";

export class Stream implements TransportEvents, ReaderEvents {
  handler!: StreamHandler;
  /** The language of what the peer sends without saying its own (RFC 6120 §4.7.4). */
  lang: string | undefined;
  lastReceivedAt: number;
  readonly outbox: Outbox;
  /** Why we ended the stream, when it was with an error. */
  failure: StreamError | undefined;
  /** The peer has closed the stream in order, by its end tag. */
  isEndedByPeer = false;
  /** The id that we gave the stream when we last opened it in answer (RFC 6120 §4.7.3). */
  id = "";
  readonly #reader: StreamReader | undefined;
  #limits: ReaderLimits;
  /** Frames that were on their way when the stream was paused. */
  #frames: Buffer[] | undefined;
  /** Those who have paused the stream and not let it go on yet. */
  #pauses = 0;
  #isHeaderSent = false;
  /** Whether the peer's header says one; until it is there, yes. */
  #hasVersion = true;
  #isFinished = false;
  #isClosing = false;
  #isClosed = false;

  constructor(
    readonly transport: Transport,
    private readonly options: StreamOptions,
  ) {
    this.outbox = new Outbox(transport, options.flusher, options.framing.stanzaNamespace);
    this.#limits = options.limits;
    this.lastReceivedAt = options.now();
    this.#reader = options.framing.isFramed
      ? undefined
      : new StreamReader(this, options.limits, options.framing.contentNamespace);
  }

  /** Starts reading; the handler must be set. */
  start(): void {
    this.transport.listen(this);
  }

  get isFramed(): boolean {
    return this.#reader === undefined;
  }

  /** True from the moment on that nothing more will be handled. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  get #isPaused(): boolean {
    return this.#pauses > 0;
  }

  /** Longest stanza that is taken now, in bytes. */
  get stanzaBytes(): number {
    return this.#limits.stanzaBytes;
  }

  set limits(limits: ReaderLimits) {
    this.#limits = limits;
    if (this.#reader !== undefined) this.#reader.limits = limits;
  }

  send(stanza: Stanza): void {
    if (this.#isClosing || this.#isFinished) return;
    this.outbox.push(stanza);
    this.#checkRoom();
  }

  /** A byte that means nothing, so that the network finds out whether the peer is there (RFC 6120 §4.6.1). */
  keepAlive(): void {
    if (!this.isFramed) this.write(" ");
  }

  /** Sends markup that is no stanza. */
  write(xml: string): void {
    if (this.#isClosing || this.#isFinished) return;
    this.outbox.push(xml);
    // Many questions may have come in one read: who reads the answers gets them.
    if (this.outbox.bytes > this.options.outboxBytes && !this.outbox.isBlocked) this.outbox.flush();
    this.#checkRoom();
  }

  /** Answers the peer's header with ours, under a new unguessable id (RFC 6120 §4.7.3). */
  open(from: string | undefined, to: string | undefined): void {
    this.id = randomBytes(12).toString("base64url");
    this.#sendHeader({ id: this.id, from, to, hasVersion: this.#hasVersion });
  }

  /** Opens a stream on a connection that we have made, or opens it anew (RFC 6120 §4.2). */
  begin(from: string, to: string): void {
    this.#sendHeader({ id: undefined, from, to, hasVersion: true });
  }

  features(content: string): void {
    this.write(this.options.framing.features(content));
  }

  /** Expects the peer to open the stream anew (RFC 6120 §4.3.3). */
  restart(): void {
    this.#isHeaderSent = false;
    this.#reader?.reset();
  }

  /** Handles nothing more until resume(): a step is under way that what follows depends on. */
  pause(): void {
    this.#pauses += 1;
    this.#reader?.pause();
    this.transport.pause();
  }

  /** Takes back one pause(); the stream goes on when nobody wants it to wait any more. */
  resume(): void {
    this.#pauses -= 1;
    if (this.#isClosing || this.#isPaused) return;
    this.#reader?.resume();
    while (this.#frames !== undefined && this.#frames.length > 0 && !this.#isPaused) {
      this.#receiveFrame(this.#frames.shift() as Buffer);
    }
    if (!this.#isPaused) this.transport.resume();
  }

  /** RFC 6120 §5.4.3.3: whatever came in clear after <starttls/> is dropped unread. */
  async startTls(host: string): Promise<void> {
    this.outbox.push("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    this.outbox.flush();
    await this.secure(host);
  }

  /** Takes the connection into TLS once both sides have agreed to it; the stream is to be opened anew. Rejects when that fails. */
  async secure(host: string): Promise<void> {
    this.#reader?.discard();
    await this.transport.startTls(host);
    this.restart();
  }

  /** Ends the stream with an error (RFC 6120 §4.9.1); our header goes first when it has not gone yet. */
  fail(error: StreamError): void {
    if (this.#isClosing) return;
    if (!this.#isHeaderSent) this.open(this.options.address(), undefined);
    this.failure = error;
    if (!this.#isFinished) this.outbox.push(error.toXml(this.isFramed)); // it goes even where there is no room
    this.handler.failing?.(error);
    this.close();
  }

  /** Ends our half of the stream: nothing more is sent, but what is on its way to us is still handled (RFC 6120 §4.4). */
  finish(error?: StreamError): void {
    if (this.#isClosing || this.#isFinished) return;
    if (error !== undefined) this.write(error.toXml(this.isFramed));
    this.outbox.finish(this.options.framing.footer);
    this.#isFinished = true;
  }

  /** Ends the stream in order (RFC 6120 §4.4). */
  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const unsent = this.outbox.withdraw();
    this.outbox.finish(this.#isHeaderSent && !this.#isFinished ? this.options.framing.footer : "");
    this.#reader?.stop();
    this.transport.end(this.options.closeTimeout);
    this.handler.closing(unsent);
  }

  received(bytes: Buffer): void {
    const now = (this.lastReceivedAt = this.options.now());
    if (this.#isClosing) return;
    const { flusher } = this.options;
    flusher.beginRead();
    try {
      if (this.#reader !== undefined) this.#reader.write(bytes);
      else if (this.#isPaused) (this.#frames ??= []).push(bytes);
      else this.#receiveFrame(bytes);
    } finally {
      flusher.endRead(now);
    }
  }

  drained(): void {
    this.outbox.drained();
    this.handler.drained?.();
  }

  ended(): void {
    this.close();
  }

  closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = this.#isClosing = true;
    this.#reader?.stop();
    this.handler.closed(this.outbox.abandon());
    this.options.onClosed(this);
  }

  onOpen(opening: StreamOpening): void {
    this.#guarded(() => this.#opened(opening));
  }

  onFragment(fragment: Fragment): void {
    try {
      this.handler.received(fragment);
    } catch (error) {
      this.#failWith(error);
    }
  }

  onClose(): void {
    this.isEndedByPeer = true;
    this.close();
  }

  onFault(fault: XmlFault): void {
    this.fail(new StreamError(fault.condition, fault.text));
  }

  /** Answers count as stanzas do: who asks and never reads must not fill our memory. */
  #checkRoom(): void {
    if (this.outbox.bytes > this.options.outboxBytes) this.handler.overflowed();
  }

  /** RFC 7395 §3.3: a frame is <open/>, <close/>, or one complete element. */
  #receiveFrame(frame: Buffer): void {
    if (this.#isClosing) return;
    this.#guarded(() => {
      const fragment = readFrame(frame, this.#limits);
      if (fragment.namespace !== framingNamespace) return this.handler.received(fragment);
      if (fragment.name === "close") return this.close();
      if (fragment.name === "open") return this.#reopen(fragment);
      throw new StreamError("unsupported-stanza-type");
    });
  }

  #sendHeader(facts: HeaderFacts): void {
    this.#isHeaderSent = true;
    this.outbox.push(this.options.framing.header(facts));
    // Node takes a buffer of 16 KiB for the rest of a TLS connection's life once a write exceeds about 900 bytes, as
    // header and features would together: ten thousand idle sessions would hold 160 MB for their logins.
    if (this.transport.tls !== undefined) this.outbox.flush();
  }

  /** RFC 7395 §3.4, §3.7: <open/> comes first, and again when the stream is to be restarted, but at no other time. */
  #reopen(open: Fragment): void {
    if (this.#isHeaderSent) throw new StreamError("bad-format", "The stream is open already.");
    this.#opened(openingOf(open));
  }

  #opened(opening: StreamOpening): void {
    this.#hasVersion = opening.version !== undefined;
    this.lang = isLanguage(opening.lang) ? opening.lang : undefined;
    this.handler.opened(opening);
  }

  #guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failWith(error);
    }
  }

  #failWith(error: unknown): void {
    if (error instanceof XmlFault) return this.onFault(error);
    if (error instanceof StreamError) return this.fail(error);
    this.options.onFailure(error);
    this.fail(new StreamError("internal-server-error"));
  }
}
