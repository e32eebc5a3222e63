// The syntax of one start tag: finds its name and attributes, as offsets, and judges everything but namespaces.
import {
  AMPERSAND,
  APOSTROPHE,
  CLASSES,
  COLON,
  DOUBLE_QUOTE,
  EQUALS,
  GREATER,
  isQualifiedName,
  LESS,
  NAME,
  NAME_START,
  NAME_STOPS,
  SLASH,
  SPACE,
  WHITE,
} from "./characters.js";
import type { FaultCondition } from "./fault.js";
import type { ReaderLimits } from "./limits.js";
import { endOfReference, REFERENCE_INCOMPLETE, referenceFault } from "./reference.js";
import { endOfValue, isSame, skipWhite } from "./runs.js";

/** The bytes end before the token does. */
export const INCOMPLETE = -1;
/** The token breaks a rule; `condition` and `text` say which. */
export const REFUSED = -2;

/** Offsets kept for each attribute in `Tag.attributes`. */
export const NAME_AT = 0;
export const NAME_END = 1;
export const COLON_AT = 2;
export const VALUE_AT = 3;
export const VALUE_END = 4;
export const NEEDS_UNESCAPE = 5;
export const ATTRIBUTE_SIZE = 6;

/** One start tag as offsets into the bytes it was scanned from. Used again and again: nothing is allocated a tag. */
export class Tag {
  nameStart = 0;
  nameEnd = 0;
  /** Where the name's colon stands; -1 without one. */
  colon = -1;
  isEmpty = false;
  /** Whether the name or an attribute's name has a prefix; `xmlns:…` counts, `xmlns` does not. */
  hasPrefix = false;
  /** Where in `attributes` the one named `xmlns` stands; -1 without one. */
  namespaceAt = -1;
  /** Length of the used part of `attributes`: ATTRIBUTE_SIZE numbers for each attribute. */
  used = 0;
  readonly attributes: number[] = [];
  condition: FaultCondition = "not-well-formed";
  text = "";
  /** The colon of the name scanned last. */
  #colon = -1;

  /** Scans from the first byte after `<`; answers the index after `>`, INCOMPLETE or REFUSED. */
  scan(bytes: Buffer, start: number, end: number, limits: ReaderLimits): number {
    this.used = 0;
    this.hasPrefix = false;
    this.namespaceAt = -1;
    let index = this.#scanName(bytes, start, end, limits);
    this.nameStart = start;
    this.nameEnd = index;
    this.colon = this.#colon;
    while (index > 0) {
      const before = index;
      index = skipWhite(bytes, index, end);
      if (index >= end) return INCOMPLETE;
      const byte = bytes[index]!;
      if (byte === GREATER) {
        this.isEmpty = false;
        return index + 1;
      }
      if (byte === SLASH) return this.#scanEmptyEnd(bytes, index, end);
      if (index === before) return this.refuse("not-well-formed", "White space is missing, or a character forbidden.");
      index = this.#scanAttribute(bytes, index, end, limits);
    }
    return index;
  }

  /** Moves every offset by `distance`: the bytes were copied to another place. */
  move(distance: number): void {
    this.nameStart += distance;
    this.nameEnd += distance;
    if (this.colon >= 0) this.colon += distance;
    for (let at = 0; at < this.used; at++) {
      const isOffset = at % ATTRIBUTE_SIZE !== NEEDS_UNESCAPE && this.attributes[at]! >= 0;
      if (isOffset) this.attributes[at]! += distance;
    }
  }

  refuse(condition: FaultCondition, text: string): typeof REFUSED {
    this.condition = condition;
    this.text = text;
    return REFUSED;
  }

  #scanEmptyEnd(bytes: Buffer, index: number, end: number): number {
    this.isEmpty = true;
    if (index + 1 >= end) return INCOMPLETE;
    if (bytes[index + 1] === GREATER) return index + 2;
    return this.refuse("not-well-formed", "A slash inside a tag must be followed by '>'.");
  }

  #scanName(bytes: Buffer, start: number, end: number, limits: ReaderLimits): number {
    const stops = NAME_STOPS;
    let index = start;
    while (index < end && stops[bytes[index]!] === 0) index++;
    this.#colon = -1;
    if (index >= end) return INCOMPLETE;
    const isPlain = bytes[index]! < 0x80 && bytes[index] !== COLON && (CLASSES[bytes[start]!]! & NAME_START) !== 0;
    return isPlain && index - start <= limits.nameLength ? index : this.#scanOddName(bytes, start, end, limits);
  }

  // Namespaces in XML 1.0 §4: one colon, with a name on either side; XML 1.0 §2.3 on characters beyond ASCII.
  #scanOddName(bytes: Buffer, start: number, end: number, limits: ReaderLimits): number {
    let index = start;
    let seen = 0;
    for (; index < end; index++) {
      const byte = bytes[index]!;
      if ((CLASSES[byte]! & NAME) === 0) {
        if (byte !== COLON || this.#colon >= 0) break;
        this.#colon = index;
      }
      seen |= byte;
    }
    if (index >= end) return INCOMPLETE;
    if (index === start) return this.refuse("not-well-formed", "A name was expected.");
    if (index - start > limits.nameLength) return this.refuse("policy-violation", "A name is too long.");
    if (this.#colon >= 0) this.hasPrefix = true;
    const isGood =
      seen < 0x80
        ? isNameStart(bytes[start]!) && isNameStart(bytes[this.#colon < 0 ? start : this.#colon + 1]!)
        : isQualifiedName(bytes.toString("utf8", start, index));
    return isGood ? index : this.refuse("not-well-formed", "Malformed name.");
  }

  #scanAttribute(bytes: Buffer, start: number, end: number, limits: ReaderLimits): number {
    if (this.used >= limits.attributes * ATTRIBUTE_SIZE) {
      return this.refuse("policy-violation", "An element has too many attributes.");
    }
    const nameEnd = this.#scanName(bytes, start, end, limits);
    if (nameEnd < 0) return nameEnd;
    const { attributes, used } = this;
    if (used > 0 && isRepeated(bytes, this, start, nameEnd)) {
      return this.refuse("not-well-formed", "An attribute is repeated.");
    }
    attributes[used + NAME_AT] = start;
    attributes[used + NAME_END] = nameEnd;
    attributes[used + COLON_AT] = this.#colon;
    if (nameEnd - start === 5 && isXmlns(bytes, start)) this.namespaceAt = used;
    const value = bytes[nameEnd] === EQUALS ? nameEnd + 1 : this.#skipEquals(bytes, nameEnd, end);
    return value < 0 ? value : this.#scanValue(bytes, value, end);
  }

  #skipEquals(bytes: Buffer, start: number, end: number): number {
    const index = skipWhite(bytes, start, end);
    if (index >= end) return INCOMPLETE;
    return bytes[index] === EQUALS ? index + 1 : this.refuse("not-well-formed", "An attribute has no value.");
  }

  #scanValue(bytes: Buffer, from: number, end: number): number {
    const start = skipWhite(bytes, from, end);
    if (start >= end) return INCOMPLETE;
    const quote = bytes[start];
    if (quote !== APOSTROPHE && quote !== DOUBLE_QUOTE) {
      return this.refuse("not-well-formed", "An attribute's value is not quoted.");
    }
    this.attributes[this.used + NEEDS_UNESCAPE] = 0;
    let index = start + 1;
    for (;;) {
      index = endOfValue(bytes, index, end);
      if (index >= end) return INCOMPLETE;
      if (bytes[index] === quote) return this.#keepValue(start + 1, index);
      index = this.#passValue(bytes, index, end);
      if (index < 0) return index;
    }
  }

  #keepValue(start: number, end: number): number {
    this.attributes[this.used + VALUE_AT] = start;
    this.attributes[this.used + VALUE_END] = end;
    this.used += ATTRIBUTE_SIZE;
    return end + 1;
  }

  /** Passes what is not plain in a value: the other quote, a reference, white space that is read as a space. */
  #passValue(bytes: Buffer, index: number, end: number): number {
    const byte = bytes[index]!;
    if (byte === APOSTROPHE || byte === DOUBLE_QUOTE) return index + 1;
    if (byte === LESS || (byte < SPACE && (CLASSES[byte]! & WHITE) === 0)) {
      return this.refuse("not-well-formed", "A character that XML forbids in an attribute's value.");
    }
    this.attributes[this.used + NEEDS_UNESCAPE] = 1;
    if (byte !== AMPERSAND) return index + 1;
    const after = endOfReference(bytes, index, end);
    return after >= REFERENCE_INCOMPLETE ? after : this.refuse(...referenceFault(after));
  }
}

const [X, M, L, N, S] = [0x78, 0x6d, 0x6c, 0x6e, 0x73];

/** Whether the five bytes at `start` are `xmlns`. */
export function isXmlns(bytes: Buffer, start: number): boolean {
  return (
    bytes[start] === X &&
    bytes[start + 1] === M &&
    bytes[start + 2] === L &&
    bytes[start + 3] === N &&
    bytes[start + 4] === S
  );
}

function isNameStart(byte: number): boolean {
  return (CLASSES[byte]! & NAME_START) !== 0;
}

function isRepeated(bytes: Buffer, tag: Tag, start: number, end: number): boolean {
  const { attributes, used } = tag;
  for (let other = 0; other < used; other += ATTRIBUTE_SIZE) {
    const otherStart = attributes[other + NAME_AT]!;
    if (attributes[other + NAME_END]! - otherStart !== end - start) continue;
    if (isSame(bytes, start, otherStart, end - start)) return true;
  }
  return false;
}
