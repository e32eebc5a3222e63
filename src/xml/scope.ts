// Namespaces in XML 1.0: which prefix stands for what while one first-level element is read.
import { NAMESPACES } from "./namespaces.js";
import { unescapeValue } from "./reference.js";
import {
  ATTRIBUTE_SIZE,
  COLON_AT,
  isXmlns,
  NAME_AT,
  NAME_END,
  NEEDS_UNESCAPE,
  REFUSED,
  VALUE_AT,
  VALUE_END,
} from "./tag.js";
import type { Tag } from "./tag.js";

/** What a stream header declared for everything inside it. Shared by all streams with equal headers. */
export interface HeaderScope {
  /** The default namespace, called content namespace in RFC 6120 §4.8.1; "" without one. */
  readonly defaultNamespace: string;
  readonly prefixes: ReadonlyMap<string, string>;
  /** The content namespace of servers or components, which is read as that of clients wherever an element declares it. */
  readonly foreign?: string;
}

/** The scope of a document that declares nothing around its root. */
export const EMPTY_SCOPE: HeaderScope = { defaultNamespace: "", prefixes: new Map() };

/** What an attribute declares: nothing, the default namespace, a prefix. */
export const NOTHING = 0;
export const DEFAULT_NAMESPACE = 1;
export const PREFIX = 2;

/** Whether an attribute of the tag is `xmlns`, `xmlns:…` or neither. */
export function declares(bytes: Buffer, tag: Tag, at: number): number {
  if (at === tag.namespaceAt) return DEFAULT_NAMESPACE;
  const start = tag.attributes[at + NAME_AT]!;
  return tag.attributes[at + COLON_AT]! - start === 5 && isXmlns(bytes, start) ? PREFIX : NOTHING;
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
  /** For each prefix what it stands for, innermost last; a map, for a stanza may declare and use thousands. */
  readonly #namespaces = new Map<string, string[]>();
  /** The declarations in order, and the levels of the elements that made them. */
  readonly #prefixes: string[] = [];
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
      const prefix = this.#prefixes.pop() ?? "";
      const namespaces = this.#namespaces.get(prefix);
      namespaces?.pop();
      if (namespaces?.length === 0) this.#namespaces.delete(prefix);
    }
  }

  /** Every prefix declared at the moment, with its namespace. */
  declared(): Map<string, string> {
    return new Map([...this.#namespaces].map(([prefix, namespaces]) => [prefix, namespaces.at(-1) ?? ""]));
  }

  /** Whether anything is declared that `leave` would have to forget. */
  get isEmpty(): boolean {
    return this.#levels.length === 0;
  }

  /** Declares what the tag declares and checks every name in it; answers REFUSED with the reason in the tag, or 0. */
  enter(bytes: Buffer, tag: Tag, level: number): number {
    if (tag.namespaceAt >= 0 && this.#refuseDefault(bytes, tag, tag.namespaceAt) < 0) return REFUSED;
    if (!tag.hasPrefix) return 0;
    let prefixed = 0;
    for (let at = 0; at < tag.used; at += ATTRIBUTE_SIZE) {
      if (tag.attributes[at + COLON_AT]! < 0) continue;
      if (declares(bytes, tag, at) !== PREFIX) prefixed++;
      else if (this.#declare(bytes, tag, at, level) < 0) return REFUSED;
    }
    if (tag.colon >= 0 && this.#checkPrefix(bytes, tag, tag.nameStart, tag.colon, true) < 0) return REFUSED;
    return prefixed === 0 ? 0 : this.#checkAttributes(bytes, tag, prefixed);
  }

  /** The namespace that `prefix` stands for, or undefined; what the header declared is noted in `borrowed`. */
  resolve(prefix: string): string | undefined {
    const declared = this.#namespaces.get(prefix)?.at(-1);
    if (declared !== undefined) return declared;
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
    const namespaces = this.#namespaces.get(prefix);
    if (namespaces === undefined) this.#namespaces.set(prefix, [namespace]);
    else namespaces.push(namespace);
    this.#prefixes.push(prefix);
    this.#levels.push(level);
    return 0;
  }

  // RFC 6120 §11.3: what is not namespace-well-formed is answered like what is not well-formed.
  #checkPrefix(bytes: Buffer, tag: Tag, start: number, colon: number, isElement: boolean): number {
    if (!isElement && isXml(bytes, start, colon)) return 0;
    // The prefix xmlns is never declared, so no element can have it (Namespaces in XML 1.0 §3).
    if (this.resolve(bytes.toString("utf8", start, colon)) !== undefined) return 0;
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
  return end - start === 3 && bytes[start] === 0x78 && bytes[start + 1] === 0x6d && bytes[start + 2] === 0x6c;
}
