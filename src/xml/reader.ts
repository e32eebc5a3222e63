// The stream reader: bytes of a connection in; stream openings, first-level elements, closings and faults out.
import { fragmentOf, openingOf } from "./assemble.js";
import { ASCII, endOfCharacters, FORBIDDEN, isUtf8Between, judgeEncoding, mayBecomeUtf8, NO_UTF8 } from "./encoding.js";
import { XmlFault } from "./fault.js";
import type { Fragment } from "./fragment.js";
import type { ReaderLimits } from "./limits.js";
import { NAMESPACES } from "./namespaces.js";
import { ScopeCache } from "./opening.js";
import type { StreamOpening } from "./opening.js";
import { encodingFault, endOfClosing, judgeOutside } from "./outside.js";
import type { Place } from "./outside.js";
import { endOfDeclaration, PROLOG_INCOMPLETE } from "./prolog.js";
import { skipWhite } from "./runs.js";
import { INCOMPLETE, REFUSED } from "./scanner.js";
import type { Scanner } from "./scanner.js";
import { returnScanner, takeScanner } from "./scanner-pool.js";
import { EMPTY_SCOPE } from "./scope.js";
import type { HeaderScope } from "./scope.js";
import { Window } from "./window.js";

export type { ReaderLimits, StreamOpening };
export { XmlFault };

/** What a reader tells, in the order of the bytes and from inside `write` or `resume`. */
export interface ReaderEvents {
  /** The start tag of the stream. */
  onOpen(opening: StreamOpening): void;
  /** One complete first-level element. */
  onFragment(fragment: Fragment): void;
  /** The end tag of the stream; nothing follows. */
  onClose(): void;
  /** The stream error to answer with; nothing follows. */
  onFault(fault: XmlFault): void;
}

// Equal scopes as one object: bounded, and shared by all readers.
const scopes = new ScopeCache();

/**
 * Reads one XML stream (RFC 6120 §4, §11). Faults and events depend on the bytes only, not on how they were cut into
 * chunks. Holds at most what `limits` allow for one element and one chunk; an idle reader holds nothing.
 */
export class StreamReader {
  /** May be replaced at any time; counts from the next element on. */
  limits: ReaderLimits;
  readonly #events: ReaderEvents;
  readonly #window = new Window();
  /** Up to here the begun element was found to be UTF-8. */
  #checked = 0;
  #place: Place = "start";
  #isPaused = false;
  #isBusy = false;
  /** At work on the begun element. */
  #scanner: Scanner | undefined;
  #scope: HeaderScope = EMPTY_SCOPE;
  /** The header's name with prefix, which the closing tag must repeat. */
  #rootName = "";
  readonly #contentNamespace: string;

  /**
   * `contentNamespace`: the one that a header may declare instead of jabber:client, and that everything inside the stream is
   * then read as: jabber:server and jabber:client are the same in all but name (RFC 6120 §4.8.3).
   */
  constructor(events: ReaderEvents, limits: ReaderLimits, contentNamespace: string = NAMESPACES.client) {
    this.#events = events;
    this.limits = limits;
    this.#contentNamespace = contentNamespace;
  }

  /** Bytes kept because an element is incomplete or the reader is paused. */
  get bufferedBytes(): number {
    return this.#window.length;
  }

  /** Takes the next bytes; they may be used for something else once this has returned. */
  write(chunk: Buffer): void {
    if (this.#place === "over" || chunk.length === 0) return;
    if (this.#isBusy || this.#window.length > 0) this.#move(this.#window.append(chunk, this.limits.stanzaBytes));
    else this.#window.show(chunk);
    this.#run();
  }

  /** Expects a new stream header next, as after STARTTLS and SASL (RFC 6120 §4.3.3); buffered bytes stay. */
  reset(): void {
    if (this.#place === "over") return;
    this.#place = "restart";
    this.#scope = EMPTY_SCOPE;
    this.#release();
  }

  /** Drops everything buffered, the begun element too: RFC 6120 §5.4.3.3 for what was sent before TLS. */
  discard(): void {
    this.#release();
    this.#window.clear();
  }

  /** Keeps bytes and tells nothing until `resume`. The caller sees to it that not too many more are written. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Goes on with what was kept. */
  resume(): void {
    this.#isPaused = false;
    this.#run();
  }

  /** Ends for good: nothing is told and nothing kept from now on. */
  stop(): void {
    this.#place = "over";
    this.discard();
  }

  #run(): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#window.length > 0 && !this.#isPaused && this.#step());
    } finally {
      this.#isBusy = false;
      this.#move(this.#window.keep(this.limits.stanzaBytes));
    }
  }

  #move(distance: number): void {
    this.#scanner?.move(distance);
    this.#checked += distance;
  }

  #release(): void {
    if (this.#scanner !== undefined) returnScanner(this.#scanner);
    this.#scanner = undefined;
  }

  /** Reads one thing; answers false when more bytes are needed. */
  #step(): boolean {
    if (this.#scanner !== undefined) return this.#scan(this.#scanner);
    const { bytes, start, end } = this.#window;
    const begin = skipWhite(bytes, start, end);
    if (begin > start && this.#place === "start") this.#place = "prolog";
    this.#window.start = begin;
    if (begin >= end) return false;
    const found = judgeOutside(bytes, begin, end, this.#place);
    if (found === "element") return this.#begin();
    if (found === "unknown yet") return false;
    if (found === "end tag") return this.#close();
    return found === "declaration" ? this.#passDeclaration() : this.#refuse(found);
  }

  #begin(): boolean {
    const scanner = takeScanner();
    scanner.begin(this.#window.start, this.#scope, this.limits, this.#place !== "stream");
    this.#scanner = scanner;
    this.#checked = this.#window.start;
    return this.#scan(scanner);
  }

  #scan(scanner: Scanner): boolean {
    const { bytes, start, end } = this.#window;
    const last = Math.min(end, start + this.limits.stanzaBytes);
    const after = scanner.scan(bytes, last);
    if (after === REFUSED) return this.#refuseAt(scanner.judgedAt, new XmlFault(scanner.condition, scanner.text));
    if (after !== INCOMPLETE) return this.#complete(scanner, after);
    const isTooLong = last < end;
    if (isTooLong) return this.#refuseAt(last, new XmlFault("policy-violation", "A stanza is larger than allowed."));
    return this.#window.isAscii ? false : this.#checkArrived();
  }

  #complete(scanner: Scanner, after: number): boolean {
    const { bytes, isAscii } = this.#window;
    const encoding = isAscii ? ASCII : judgeEncoding(bytes, scanner.start, after);
    if (encoding === NO_UTF8) return this.#refuse(encodingFault());
    if (encoding === FORBIDDEN) return this.#refuse(new XmlFault("not-well-formed", "A character that XML forbids."));
    if (this.#place !== "stream") return this.#open(scanner, after);
    const fragment = fragmentOf(bytes, scanner, after, encoding === ASCII);
    this.#release();
    this.#window.start = after;
    this.#events.onFragment(fragment);
    return true;
  }

  #open(scanner: Scanner, after: number): boolean {
    const { root } = scanner;
    const opening = openingOf(this.#window.bytes, scanner);
    this.#rootName = this.#window.bytes.toString("utf8", root.nameStart, root.nameEnd);
    this.#scope = scopes.share(this.#scopeOf(opening));
    this.#place = "stream";
    this.#release();
    this.#window.start = after;
    const isClosed = root.isEmpty;
    this.#events.onOpen(opening);
    if (isClosed) this.#finish();
    return true;
  }

  #scopeOf({ defaultNamespace, prefixes }: StreamOpening): HeaderScope {
    if (defaultNamespace !== this.#contentNamespace || defaultNamespace === NAMESPACES.client)
      return { defaultNamespace, prefixes };
    return { defaultNamespace: NAMESPACES.client, prefixes, foreign: defaultNamespace };
  }

  #passDeclaration(): boolean {
    const { bytes, start, end } = this.#window;
    const after = endOfDeclaration(bytes, start, end);
    if (after === PROLOG_INCOMPLETE) return false;
    if (typeof after !== "number") return this.#refuse(new XmlFault(...after));
    this.#window.start = after;
    this.#place = "prolog";
    return true;
  }

  #close(): boolean {
    const { bytes, start, end } = this.#window;
    const after = endOfClosing(bytes, start, end, this.#rootName);
    if (after instanceof XmlFault) return this.#refuse(after);
    if (after !== undefined) this.#finish();
    return false;
  }

  #finish(): void {
    if (this.#place === "over") return;
    this.stop();
    this.#events.onClose();
  }

  #refuse(fault: XmlFault): false {
    this.stop();
    this.#events.onFault(fault);
    return false;
  }

  /** Refuses for what was found at the byte `at`, unless the bytes up to there were no UTF-8 already. */
  #refuseAt(at: number, fault: XmlFault): false {
    const { bytes, isAscii } = this.#window;
    return this.#refuse(isAscii || mayBecomeUtf8(bytes, this.#checked, at + 1) ? fault : encodingFault());
  }

  #checkArrived(): false {
    const { bytes, end } = this.#window;
    const checked = endOfCharacters(bytes, this.#checked, end);
    if (!isUtf8Between(bytes, this.#checked, checked)) return this.#refuse(encodingFault());
    this.#checked = checked;
    return false;
  }
}
