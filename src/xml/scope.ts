// Namespaces in XML 1.0: which prefix stands for what while one first-level element is read.
import { NAMESPACES } from "./namespaces.js";
import { unescapeValue } from "./reference.js";
import { ATTRIBUTE_SIZE, COLON_AT, NAME_AT, NAME_END, NEEDS_UNESCAPE, REFUSED, VALUE_AT, VALUE_END } from "./tag.js";
import type { Tag } from "./tag.js";

/** What a stream header declared for everything inside it. Shared by all streams with equal headers. */
export interface HeaderScope {
  /** The default namespace, called content namespace in RFC 6120 §4.8.1; "" without one. */
  readonly defaultNamespace: string;
  readonly prefixes: ReadonlyMap<string, string>;
}

/** The scope of a document that declares nothing around its root. */
export const EMPTY_SCOPE: HeaderScope = { defaultNamespace: "", prefixes: new Map() };

/** What an attribute declares: nothing, the default namespace, a prefix. */
export const NOTHING = 0;
export const DEFAULT_NAMESPACE = 1;
export const PREFIX = 2;

const [X, M, L, N, S] = [0x78, 0x6d, 0x6c, 0x6e, 0x73];

/** Whether an attribute of the tag is `xmlns`, `xmlns:…` or neither. */
export function declares(bytes: Buffer, tag: Tag, at: number): number {
  const start = tag.attributes[at + NAME_AT]!;
  if (bytes[start] !== X) return NOTHING;
  const colon = tag.attributes[at + COLON_AT]!;
  const end = colon < 0 ? tag.attributes[at + NAME_END]! : colon;
  const isXmlns =
    end - start === 5 &&
    bytes[start + 1] === M &&
    bytes[start + 2] === L &&
    bytes[start + 3] === N &&
    bytes[start + 4] === S;
  return !isXmlns ? NOTHING : colon < 0 ? DEFAULT_NAMESPACE : PREFIX;
}

/** An attribute's value as XML reads it: decoded, references resolved. */
export function valueOf(bytes: Buffer, tag: Tag, at: number): string {
  const source = bytes.toString("utf8", tag.attributes[at + VALUE_AT], tag.attributes[at + VALUE_END]);
  return tag.attributes[at + NEEDS_UNESCAPE] === 0 ? source : unescapeValue(source);
}

/** The prefixes declared inside the element being read, innermost last. */
export class Scope {
  header: HeaderScope = EMPTY_SCOPE;
  /** Prefixes that the header declared and that this element uses. */
  readonly borrowed: string[] = [];
  readonly #prefixes: string[] = [];
  readonly #namespaces: string[] = [];
  readonly #levels: number[] = [];

  /** Forgets everything, to begin another first-level element inside `header`. */
  begin(header: HeaderScope): void {
    this.header = header;
    if (this.#prefixes.length > 0) this.leave(0);
    if (this.borrowed.length > 0) this.borrowed.length = 0;
  }

  /** Forgets what elements at `level` and deeper declared. */
  leave(level: number): void {
    const levels = this.#levels;
    while (levels.length > 0 && levels[levels.length - 1]! >= level) {
      levels.pop();
      this.#prefixes.pop();
      this.#namespaces.pop();
    }
  }

  /** Every prefix declared at the moment, with its namespace. */
  declared(): Map<string, string> {
    return new Map(this.#prefixes.map((prefix, at) => [prefix, this.#namespaces[at]!]));
  }

  /** Whether anything is declared that `leave` would have to forget. */
  get isEmpty(): boolean {
    return this.#levels.length === 0;
  }

  /** Declares what the tag declares and checks every name in it; answers REFUSED with the reason in the tag, or 0. */
  enter(bytes: Buffer, tag: Tag, level: number): number {
    let prefixed = 0;
    for (let at = 0; at < tag.used; at += ATTRIBUTE_SIZE) {
      const kind = declares(bytes, tag, at);
      if (kind === NOTHING) prefixed += tag.attributes[at + COLON_AT]! < 0 ? 0 : 1;
      else if (kind === DEFAULT_NAMESPACE) {
        if (this.#refuseDefault(bytes, tag, at) < 0) return REFUSED;
      } else if (this.#declare(bytes, tag, at, level) < 0) return REFUSED;
      if (isRepeated(bytes, tag, at)) return tag.refuse("not-well-formed", "An attribute is repeated.");
    }
    if (tag.colon >= 0 && this.#checkPrefix(bytes, tag, tag.nameStart, tag.colon, true) < 0) return REFUSED;
    return prefixed === 0 ? 0 : this.#checkAttributes(bytes, tag, prefixed);
  }

  /** The namespace that `prefix` stands for, or undefined; what the header declared is noted in `borrowed`. */
  resolve(prefix: string): string | undefined {
    const at = this.#prefixes.lastIndexOf(prefix);
    if (at >= 0) return this.#namespaces[at];
    if (prefix === "xml") return NAMESPACES.xml;
    const namespace = this.header.prefixes.get(prefix);
    if (namespace !== undefined && !this.borrowed.includes(prefix)) this.borrowed.push(prefix);
    return namespace;
  }

  // Namespaces in XML 1.0 §3: neither reserved namespace may be the default one.
  #refuseDefault(bytes: Buffer, tag: Tag, at: number): number {
    const length = tag.attributes[at + VALUE_END]! - tag.attributes[at + VALUE_AT]!;
    const isSuspect = length === NAMESPACES.xml.length || length === NAMESPACES.xmlns.length;
    if (!isSuspect && tag.attributes[at + NEEDS_UNESCAPE] === 0) return 0;
    return isReserved(valueOf(bytes, tag, at))
      ? tag.refuse("not-well-formed", "A reserved namespace is declared as the default one.")
      : 0;
  }

  // Namespaces in XML 1.0 §3 and §2.2: xmlns is never declared, xml only as what it is, nothing else as either of them.
  #declare(bytes: Buffer, tag: Tag, at: number, level: number): number {
    const prefix = bytes.toString("utf8", tag.attributes[at + COLON_AT]! + 1, tag.attributes[at + NAME_END]);
    const namespace = valueOf(bytes, tag, at);
    const isAllowed = prefix === "xml" ? namespace === NAMESPACES.xml : prefix !== "xmlns" && !isReserved(namespace);
    if (!isAllowed) return tag.refuse("not-well-formed", "A reserved prefix or namespace is declared.");
    if (namespace === "") return tag.refuse("not-well-formed", "A prefix is declared without a namespace.");
    this.#prefixes.push(prefix);
    this.#namespaces.push(namespace);
    this.#levels.push(level);
    return 0;
  }

  // RFC 6120 §11.3: what is not namespace-well-formed is answered like what is not well-formed.
  #checkPrefix(bytes: Buffer, tag: Tag, start: number, colon: number, isElement: boolean): number {
    if (!isElement && isXml(bytes, start, colon)) return 0;
    const prefix = bytes.toString("utf8", start, colon);
    if (prefix !== "xmlns" && this.resolve(prefix) !== undefined) return 0;
    return tag.refuse("not-well-formed", "A namespace prefix is not declared.");
  }

  #checkAttributes(bytes: Buffer, tag: Tag, prefixed: number): number {
    const seen = prefixed > 1 ? new Set<string>() : undefined;
    for (let at = 0; at < tag.used; at += ATTRIBUTE_SIZE) {
      const colon = tag.attributes[at + COLON_AT]!;
      if (colon < 0 || declares(bytes, tag, at) !== NOTHING) continue;
      const start = tag.attributes[at + NAME_AT]!;
      if (this.#checkPrefix(bytes, tag, start, colon, false) < 0) return REFUSED;
      if (seen === undefined) continue;
      const local = bytes.toString("utf8", colon, tag.attributes[at + NAME_END]);
      const expanded = `${this.resolve(bytes.toString("utf8", start, colon))}${local}`;
      if (seen.has(expanded)) return tag.refuse("not-well-formed", "An attribute is repeated under another prefix.");
      seen.add(expanded);
    }
    return 0;
  }
}

function isReserved(namespace: string): boolean {
  return namespace === NAMESPACES.xml || namespace === NAMESPACES.xmlns;
}

function isXml(bytes: Buffer, start: number, end: number): boolean {
  return end - start === 3 && bytes[start] === X && bytes[start + 1] === M && bytes[start + 2] === L;
}

function isRepeated(bytes: Buffer, tag: Tag, at: number): boolean {
  const start = tag.attributes[at + NAME_AT]!;
  const length = tag.attributes[at + NAME_END]! - start;
  for (let other = 0; other < at; other += ATTRIBUTE_SIZE) {
    const otherStart = tag.attributes[other + NAME_AT]!;
    if (tag.attributes[other + NAME_END]! - otherStart !== length) continue;
    if (isSame(bytes, start, otherStart, length)) return true;
  }
  return false;
}

/** Whether the `length` bytes at two places are equal. */
export function isSame(bytes: Buffer, one: number, other: number, length: number): boolean {
  for (let index = 0; index < length; index++) {
    if (bytes[one + index] !== bytes[other + index]) return false;
  }
  return true;
}
