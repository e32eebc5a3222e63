// Scans one first-level element, byte for byte once, as its bytes arrive: finds its end and judges it on the way.
import {
  AMPERSAND,
  CLASSES,
  CLOSE_BRACKET,
  DATA_STOPS,
  EXCLAMATION,
  GREATER,
  LESS,
  NAME_START,
  QUESTION,
  SLASH,
} from "./characters.js";
import { innerNamespace, nameOfChild, recognise } from "./children.js";
import type { FaultCondition } from "./fault.js";
import type { ReaderLimits } from "./limits.js";
import { judgeDeclaration, CDATA_BEGINS, CDATA_LENGTH, DECLARATION_INCOMPLETE } from "./markup.js";
import type { ChildName } from "./names.js";
import { NAMESPACES } from "./namespaces.js";
import { endOfReference, lastOfReference, REFERENCE_INCOMPLETE, referenceFault } from "./reference.js";
import { endOfText, isSame, skipWhite } from "./runs.js";
import { Scope } from "./scope.js";
import type { HeaderScope } from "./scope.js";
import { INCOMPLETE, REFUSED, Tag } from "./tag.js";
import { TokenEnd } from "./token-end.js";

export { INCOMPLETE, REFUSED };

const NO_CHILD: ChildName = { namespace: "", name: "" };

/** Reads one element; afterwards its public fields are offsets into the bytes, until `begin` is called again. */
export class Scanner {
  readonly root = new Tag();
  readonly scope = new Scope();
  start = 0;
  contentStart = 0;
  contentEnd = 0;
  /** The default namespace inside the element. */
  contentNamespace = "";
  children: ChildName[] = [];
  hasText = false;
  condition: FaultCondition = "not-well-formed";
  text = "";
  /** The last byte that was needed to find the fault. */
  judgedAt = 0;
  #limits: ReaderLimits | undefined;
  #isHeader = false;
  #position = 0;
  #depth = 0;
  #elements = 0;
  /** Where the CDATA section began; -1 outside of one. */
  #dataStart = -1;
  readonly #token = new TokenEnd();
  readonly #tag = new Tag();
  /** Two numbers for each open element: where its name begins, and its length. */
  readonly #open: number[] = [];

  /** Prepares for the element whose `<` stands at `start`; of a stream header only the start tag is read. */
  begin(start: number, header: HeaderScope, limits: ReaderLimits, isHeader: boolean): void {
    this.start = start;
    this.#position = start;
    this.#limits = limits;
    this.#isHeader = isHeader;
    this.#depth = 0;
    this.#elements = 0;
    this.#dataStart = -1;
    this.#token.forget();
    this.hasText = false;
    this.children = [];
    this.scope.begin(header);
  }

  /** Goes on with the bytes up to `end`; answers the index after the element, INCOMPLETE or REFUSED. */
  scan(bytes: Buffer, end: number): number {
    if (this.#token.isPending && !this.#token.find(bytes, end)) return INCOMPLETE;
    let index = this.#position;
    while (index < end) {
      if (this.#dataStart >= 0) index = this.#scanData(bytes, index, end);
      else if (bytes[index] === LESS) index = this.#scanMarkup(bytes, index, end);
      else index = this.#scanText(bytes, index, end);
      if (index < 0 || this.#depth === 0 || this.#isHeader) return index;
    }
    return this.#wait(index);
  }

  /** Follows the bytes to another place, `distance` away. */
  move(distance: number): void {
    this.start += distance;
    this.contentStart += distance;
    this.#position += distance;
    if (this.#dataStart >= 0) this.#dataStart += distance;
    this.#token.move(distance);
    this.root.move(distance);
    for (let at = 0; at < this.#depth * 2; at += 2) this.#open[at]! += distance;
  }

  #wait(index: number): typeof INCOMPLETE {
    this.#position = index;
    return INCOMPLETE;
  }

  #refuse(at: number, condition: FaultCondition, text: string): typeof REFUSED {
    this.judgedAt = at;
    this.condition = condition;
    this.text = text;
    return REFUSED;
  }

  #scanText(bytes: Buffer, from: number, end: number): number {
    let index = from;
    for (;;) {
      index = endOfText(bytes, index, end);
      if (index >= end || bytes[index] === LESS) break;
      index = this.#passText(bytes, index, end);
      if (index < 0) return index;
    }
    if (this.#depth === 1 && !this.hasText) this.hasText = skipWhite(bytes, from, index) < index;
    return index;
  }

  /** Passes a reference or a `>` in text, or finds what XML forbids there. */
  #passText(bytes: Buffer, index: number, end: number): number {
    if (bytes[index] === AMPERSAND) {
      const after = endOfReference(bytes, index, end);
      if (after >= 0) return after;
      if (after === REFERENCE_INCOMPLETE) return this.#wait(index);
      return this.#refuse(lastOfReference(bytes, index), ...referenceFault(after));
    }
    if (bytes[index] !== GREATER) return this.#refuse(index, "not-well-formed", "A character that XML forbids.");
    if (bytes[index - 1] !== CLOSE_BRACKET || bytes[index - 2] !== CLOSE_BRACKET) return index + 1;
    return this.#refuse(index, "not-well-formed", "']]>' must not stand in text.");
  }

  #scanData(bytes: Buffer, from: number, end: number): number {
    let index = from;
    for (; index < end; index++) {
      const byte = bytes[index]!;
      if (DATA_STOPS[byte] === 0) continue;
      if (byte !== GREATER) return this.#refuse(index, "not-well-formed", "A character that XML forbids.");
      // The bracket that opens the section is no closing one: looking back cannot go too far.
      const isEnd = bytes[index - 1] === CLOSE_BRACKET && bytes[index - 2] === CLOSE_BRACKET;
      if (!isEnd) continue;
      if (this.#depth === 1 && skipWhite(bytes, this.#dataStart, index - 2) < index - 2) this.hasText = true;
      this.#dataStart = -1;
      return index + 1;
    }
    return index;
  }

  #scanMarkup(bytes: Buffer, index: number, end: number): number {
    if (index + 1 >= end) return this.#wait(index);
    const next = bytes[index + 1]!;
    if ((CLASSES[next]! & NAME_START) !== 0) return this.#scanStartTag(bytes, index, end);
    if (next === SLASH) return this.#scanEndTag(bytes, index, end);
    if (next === EXCLAMATION) return this.#scanDeclaration(bytes, index, end);
    if (next === QUESTION) return this.#refuse(index + 1, "restricted-xml", "Processing instructions are not allowed.");
    return this.#refuse(index + 1, "not-well-formed", "'<' must be followed by a name.");
  }

  #scanDeclaration(bytes: Buffer, index: number, end: number): number {
    const judgement = judgeDeclaration(bytes, index, end);
    if (judgement === DECLARATION_INCOMPLETE) return this.#wait(index);
    if (judgement !== CDATA_BEGINS) return this.#refuse(judgement.at, judgement.condition, judgement.text);
    this.#dataStart = index + CDATA_LENGTH;
    return this.#dataStart;
  }

  #scanStartTag(bytes: Buffer, index: number, end: number): number {
    const limits = this.#limits!;
    const level = this.#depth + 1;
    if (level > 1) {
      const known = recognise(bytes, index + 1, end, level, limits, this.contentNamespace);
      const after = known === undefined ? 0 : index + 1 + known.source.length;
      if (known !== undefined) return this.#enter(index, after, level, known.nameLength, known.isEmpty, known.child);
    }
    const tag = level === 1 ? this.root : this.#tag;
    const after = tag.scan(bytes, index + 1, end, limits);
    if (after < 0) return this.#unfinished(bytes, index, end, tag);
    if ((tag.hasPrefix || tag.namespaceAt >= 0) && this.scope.enter(bytes, tag, level) < 0) {
      return this.#refuse(after - 1, tag.condition, tag.text);
    }
    if (level === 1) this.#enterRoot(bytes, after);
    const child = level === 1 ? NO_CHILD : nameOfChild(bytes, tag, after, this.scope, this.contentNamespace);
    return this.#enter(index, after, level, tag.nameEnd - tag.nameStart, tag.isEmpty, child);
  }

  /** Enters the element whose tag stands at [index, after), or passes it when it is empty. */
  #enter(index: number, after: number, level: number, nameLength: number, isEmpty: boolean, child: ChildName): number {
    const limits = this.#limits!;
    if (level > limits.depth) return this.#refuse(after - 1, "policy-violation", "Elements are nested too deep.");
    if (level > 1 && ++this.#elements > (limits.childElements ?? Infinity)) {
      return this.#refuse(after - 1, "policy-violation", "An element contains too many elements.");
    }
    if (level === 2) this.children.push(child);
    if (!isEmpty) {
      this.#open[level * 2 - 2] = index + 1;
      this.#open[level * 2 - 1] = nameLength;
      this.#depth = level;
    } else if (level > 1 && !this.scope.isEmpty) this.scope.leave(level);
    return after;
  }

  /** A tag is judged when all of it is there, so that faults do not depend on how the bytes were cut into chunks. */
  #unfinished(bytes: Buffer, index: number, end: number, tag: Tag): number {
    this.#token.begin(index);
    if (!this.#token.find(bytes, end)) return this.#wait(index);
    return this.#refuse(this.#token.at, tag.condition, tag.text);
  }

  #enterRoot(bytes: Buffer, after: number): void {
    this.contentStart = after;
    this.contentEnd = after;
    const { defaultNamespace, foreign } = this.scope.header;
    const namespace = innerNamespace(bytes, this.root, defaultNamespace);
    this.contentNamespace = namespace === foreign ? NAMESPACES.client : namespace;
  }

  #scanEndTag(bytes: Buffer, index: number, end: number): number {
    const nameStart = this.#open[this.#depth * 2 - 2]!;
    const length = this.#open[this.#depth * 2 - 1]!;
    const last = index + 2 + length;
    if (last < end && bytes[last] === GREATER && isSame(bytes, nameStart, index + 2, length)) {
      return this.#leave(index, last + 1);
    }
    this.#token.begin(index);
    if (!this.#token.find(bytes, end)) return this.#wait(index);
    const { at } = this.#token;
    const isMatch =
      bytes[at] === GREATER && isSame(bytes, nameStart, index + 2, length) && skipWhite(bytes, last, at) === at;
    if (isMatch) return this.#leave(index, at + 1);
    return this.#refuse(at, "not-well-formed", "An end tag does not match its start tag.");
  }

  #leave(index: number, after: number): number {
    // What the root declares is needed until the fragment is made.
    if (this.#depth === 1) this.contentEnd = index;
    else if (!this.scope.isEmpty) this.scope.leave(this.#depth);
    this.#depth--;
    return after;
  }
}
