// The stream reader: bytes of a connection in; stream openings, first-level elements, closings and faults out.
import { isAscii } from "node:buffer";
import { fragmentOf, openingOf } from "./assemble.js";
import { CLASSES, EXCLAMATION, GREATER, LESS, NAME_START, OPEN_BRACKET, QUESTION, SLASH, WHITE } from "./characters.js";
import {
  ASCII,
  beginsCharacter,
  endOfCharacters,
  FORBIDDEN,
  isUtf8Between,
  judgeEncoding,
  mayBecomeUtf8,
  NO_UTF8,
} from "./encoding.js";
import { XmlFault } from "./fault.js";
import type { FaultCondition } from "./fault.js";
import type { Fragment } from "./fragment.js";
import type { ReaderLimits } from "./limits.js";
import { ScopeCache } from "./opening.js";
import type { StreamOpening } from "./opening.js";
import { endOfDeclaration, PROLOG_INCOMPLETE } from "./prolog.js";
import { INCOMPLETE, REFUSED, Scanner } from "./scanner.js";
import { EMPTY_SCOPE } from "./scope.js";
import type { HeaderScope } from "./scope.js";

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

const NO_BYTES: Buffer = Buffer.alloc(0);
/** Room kept beyond the limit, so that a stanza which comes in small pieces is not copied for each. */
const SPARE = 4096;
/** More white space than anybody puts into an end tag. */
const LONGEST_CLOSING = 1024;

/** Where in the document a reader is. */
type Place = "start" | "restart" | "prolog" | "stream" | "over";

// Both hold nothing of any stream: idle scanners, and equal scopes as one object. Bounded; shared by all readers.
const idle: Scanner[] = [];
const MOST_IDLE = 16;
const scopes = new ScopeCache();

/**
 * Reads one XML stream (RFC 6120 §4, §11). Faults and events depend on the bytes only, not on how they were cut into
 * chunks. Holds at most what `limits` allow for one element and one chunk; an idle reader holds nothing.
 */
export class StreamReader {
  /** May be replaced at any time; counts from the next element on. */
  limits: ReaderLimits;
  readonly #events: ReaderEvents;
  #bytes = NO_BYTES;
  #start = 0;
  #end = 0;
  #isOwned = false;
  #isAscii = true;
  /** Up to here the bytes were found to be UTF-8. */
  #checked = 0;
  #place: Place = "start";
  #isPaused = false;
  #isBusy = false;
  #scanner: Scanner | undefined;
  #scope: HeaderScope = EMPTY_SCOPE;
  /** The header's name with prefix, which the closing tag must repeat. */
  #rootName = "";

  constructor(events: ReaderEvents, limits: ReaderLimits) {
    this.#events = events;
    this.limits = limits;
  }

  /** Bytes kept because an element is incomplete or the reader is paused. */
  get bufferedBytes(): number {
    return this.#end - this.#start;
  }

  /** Takes the next bytes; they may be used for something else once this has returned. */
  write(chunk: Buffer): void {
    if (this.#place === "over" || chunk.length === 0) return;
    if (this.#start < this.#end || this.#isBusy) this.#append(chunk);
    else {
      this.#bytes = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#isAscii = isAscii(chunk);
      this.#isOwned = false;
      this.#checked = 0;
    }
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
    this.#start = this.#end;
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
      while (this.#start < this.#end && !this.#isPaused && this.#step());
    } finally {
      this.#isBusy = false;
      this.#keep();
    }
  }

  /** Reads one thing; answers false when more bytes are needed. */
  #step(): boolean {
    if (this.#scanner !== undefined) return this.#scan(this.#scanner);
    const bytes = this.#bytes;
    let start = this.#start;
    while (start < this.#end && (CLASSES[bytes[start]!]! & WHITE) !== 0) start++;
    if (start > this.#start && this.#place === "start") this.#place = "prolog";
    this.#start = start;
    if (start >= this.#end) return false;
    if (bytes[start] !== LESS) return this.#refuseText(bytes[start]!);
    if (start + 1 >= this.#end) return false;
    const next = bytes[start + 1]!;
    if ((CLASSES[next]! & NAME_START) !== 0) return this.#begin();
    if (next === SLASH && this.#place === "stream") return this.#close();
    if (next === QUESTION && (this.#place === "start" || this.#place === "restart")) return this.#readDeclaration();
    return this.#refuseMarkup(next);
  }

  #begin(): boolean {
    const scanner = idle.pop() ?? new Scanner();
    scanner.begin(this.#start, this.#scope, this.limits, this.#place !== "stream");
    this.#scanner = scanner;
    this.#checked = this.#start;
    return this.#scan(scanner);
  }

  #scan(scanner: Scanner): boolean {
    const cap = Math.min(this.#end, this.#start + this.limits.stanzaBytes);
    const after = scanner.scan(this.#bytes, cap);
    if (after === REFUSED) return this.#refuseAt(scanner.judgedAt, scanner.condition, scanner.text);
    if (after !== INCOMPLETE) return this.#complete(scanner, after);
    if (cap < this.#end) return this.#refuseAt(cap, "policy-violation", "A stanza is larger than allowed.");
    if (!this.#isAscii) this.#checkArrived();
    return false;
  }

  #complete(scanner: Scanner, after: number): boolean {
    const bytes = this.#bytes;
    const { start } = scanner;
    const encoding = this.#isAscii ? ASCII : judgeEncoding(bytes, start, after);
    if (encoding === NO_UTF8) return this.#refuseEncoding();
    if (encoding === FORBIDDEN) return this.#refuse("not-well-formed", "A character that XML forbids.");
    if (this.#place !== "stream") return this.#open(scanner, after);
    const fragment = fragmentOf(bytes, scanner, after, encoding === ASCII);
    this.#release();
    this.#start = after;
    this.#events.onFragment(fragment);
    return true;
  }

  #open(scanner: Scanner, after: number): boolean {
    const opening = openingOf(this.#bytes, scanner);
    const { root } = scanner;
    this.#rootName = this.#bytes.toString("utf8", root.nameStart, root.nameEnd);
    this.#scope = scopes.share({ defaultNamespace: opening.defaultNamespace, prefixes: opening.prefixes });
    this.#place = "stream";
    this.#release();
    this.#start = after;
    this.#events.onOpen(opening);
    if (root.isEmpty) this.#finish();
    return true;
  }

  #readDeclaration(): boolean {
    const after = endOfDeclaration(this.#bytes, this.#start, this.#end);
    if (after === PROLOG_INCOMPLETE) return false;
    if (typeof after !== "number") return this.#refuse(...after);
    this.#start = after;
    this.#place = "prolog";
    return true;
  }

  #close(): boolean {
    const expected = `</${this.#rootName}`;
    const name = Buffer.from(expected);
    let index = this.#start;
    for (let at = 0; at < name.length; at++, index++) {
      if (index >= this.#end) return false;
      if (this.#bytes[index] !== name[at]) return this.#refuse("not-well-formed", "An end tag without a start tag.");
    }
    while (index < this.#end && (CLASSES[this.#bytes[index]!]! & WHITE) !== 0) index++;
    if (index - this.#start > LONGEST_CLOSING) return this.#refuse("policy-violation", "The closing tag is too long.");
    if (index >= this.#end) return false;
    if (this.#bytes[index] !== GREATER) return this.#refuse("not-well-formed", "An end tag without a start tag.");
    this.#finish();
    return true;
  }

  #finish(): void {
    if (this.#place === "over") return;
    this.stop();
    this.#events.onClose();
  }

  #refuse(condition: FaultCondition, text: string): false {
    this.stop();
    this.#events.onFault(new XmlFault(condition, text));
    return false;
  }

  #refuseEncoding(): false {
    return this.#refuse("unsupported-encoding", "The stream is not UTF-8.");
  }

  /** Refuses what was found at the byte `at`, unless the bytes up to there were no UTF-8 already. */
  #refuseAt(at: number, condition: FaultCondition, text: string): false {
    const isText = this.#isAscii || mayBecomeUtf8(this.#bytes, this.#checked, at + 1);
    return isText ? this.#refuse(condition, text) : this.#refuseEncoding();
  }

  #checkArrived(): void {
    const end = endOfCharacters(this.#bytes, this.#checked, this.#end);
    if (!isUtf8Between(this.#bytes, this.#checked, end)) this.#refuseEncoding();
    else this.#checked = end;
  }

  #refuseText(byte: number): false {
    // Zero bytes come with UTF-16 and UTF-32; the others can begin no character of UTF-8 (RFC 6120 §11.6).
    if (byte === 0 || !beginsCharacter(byte)) return this.#refuseEncoding();
    // U+FEFF too: RFC 6120 §11.6 forbids to take it for a byte order mark.
    if (this.#place !== "stream") return this.#refuse("not-well-formed", "A stream must begin with a stream header.");
    // XML allows text here, RFC 6120 §11.7 only white space.
    return this.#refuse("bad-format", "Text between stanzas is not allowed.");
  }

  #refuseMarkup(next: number): boolean {
    if (next === 0) return this.#refuseEncoding();
    if (next === QUESTION) return this.#refuse("restricted-xml", "Processing instructions are not allowed.");
    if (next !== EXCLAMATION) return this.#refuse("not-well-formed", "'<' must be followed by a name.");
    if (this.#start + 2 >= this.#end) return false;
    if (this.#bytes[this.#start + 2] === OPEN_BRACKET) {
      const condition = this.#place === "stream" ? "bad-format" : "not-well-formed";
      return this.#refuse(condition, "Text between stanzas is not allowed.");
    }
    return this.#refuse("restricted-xml", "Comments and DTDs are not allowed.");
  }

  #release(): void {
    if (this.#scanner !== undefined && idle.length < MOST_IDLE) idle.push(this.#scanner);
    this.#scanner = undefined;
  }

  /** Keeps what is left in bytes of our own: a chunk is part of something much larger. */
  #keep(): void {
    if (this.#start >= this.#end) {
      this.#bytes = NO_BYTES;
      this.#start = this.#end = 0;
      this.#isOwned = false;
    } else if (!this.#isOwned) this.#makeRoom(0);
  }

  #append(chunk: Buffer): void {
    if (!this.#isOwned || this.#end + chunk.length > this.#bytes.length) this.#makeRoom(chunk.length);
    chunk.copy(this.#bytes, this.#end);
    this.#end += chunk.length;
    this.#isAscii &&= isAscii(chunk);
  }

  /** Moves what is kept to a larger place with room for `more` bytes; doubling makes the copying linear. */
  #makeRoom(more: number): void {
    const kept = this.#end - this.#start;
    const needed = kept + more;
    const size = Math.max(needed, Math.min(needed * 2, this.limits.stanzaBytes + SPARE));
    const place = Buffer.allocUnsafeSlow(size);
    this.#bytes.copy(place, 0, this.#start, this.#end);
    this.#scanner?.move(-this.#start);
    this.#checked -= this.#start;
    this.#bytes = place;
    this.#start = 0;
    this.#end = kept;
    this.#isOwned = true;
  }
}
