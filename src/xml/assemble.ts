// Makes a fragment or a stream opening of the offsets that the scanner has found.
import { declaration, Fragment } from "./fragment.js";
import { NameCache } from "./names.js";
import type { StreamOpening } from "./opening.js";
import { unescapeValue } from "./reference.js";
import { isText } from "./runs.js";
import type { Scanner } from "./scanner.js";
import { declares, PREFIX } from "./scope.js";
import { ATTRIBUTE_SIZE, NAME_AT, NAME_END, NEEDS_UNESCAPE, VALUE_AT, VALUE_END } from "./tag.js";
import type { Tag } from "./tag.js";

// A memory without effect on what is answered, shared by all readers.
const names = new NameCache();
const LONG_SOURCE = 1024;

/** Attribute names of up to four letters as numbers, to be compared at once. */
const [TO, ID, FROM, TYPE] = ["to", "id", "from", "type"].map((name) => packed(Buffer.from(name), 0, name.length));
const XML_LANG = Buffer.from("xml:lang");
const VERSION = Buffer.from("version");

function packed(bytes: Buffer, start: number, end: number): number {
  let number = 0;
  for (let index = start; index < end; index++) number = (number << 8) | bytes[index]!;
  return number;
}

/** The attributes of a root tag, sorted out. */
class RootAttributes {
  to: string | undefined = undefined;
  from: string | undefined = undefined;
  type: string | undefined = undefined;
  id: string | undefined = undefined;
  lang: string | undefined = undefined;
  version: string | undefined = undefined;
  declarations = "";
  others = "";

  /** `text` is the whole element from `start` on where it is short and ASCII, so that values can be cut out of it. */
  constructor(bytes: Buffer, tag: Tag, start: number, text: string | undefined) {
    const { attributes, used } = tag;
    for (let at = 0; at < used; at += ATTRIBUTE_SIZE) {
      if (at === tag.namespaceAt) continue;
      const from = attributes[at + VALUE_AT]!;
      const to = attributes[at + VALUE_END]!;
      const raw = text === undefined ? bytes.toString("utf8", from, to) : text.slice(from - start, to - start);
      const value = attributes[at + NEEDS_UNESCAPE] === 0 ? raw : unescapeValue(raw);
      this.#set(bytes, tag, at, value);
    }
  }

  #set(bytes: Buffer, tag: Tag, at: number, value: string): void {
    const start = tag.attributes[at + NAME_AT]!;
    const length = tag.attributes[at + NAME_END]! - start;
    const name = length <= 4 ? packed(bytes, start, start + length) : 0;
    if (name === TO) this.to = value;
    else if (name === ID) this.id = value;
    else if (name === FROM) this.from = value;
    else if (name === TYPE) this.type = value;
    else this.#setOther(bytes, tag, at, value);
  }

  #setOther(bytes: Buffer, tag: Tag, at: number, value: string): void {
    const start = tag.attributes[at + NAME_AT]!;
    const end = tag.attributes[at + NAME_END]!;
    if (isText(XML_LANG, bytes, start, end)) this.lang = value;
    else {
      if (isText(VERSION, bytes, start, end)) this.version = value;
      const written = ` ${bytes.toString("utf8", start, tag.attributes[at + VALUE_END]! + 1)}`;
      if (declares(bytes, tag, at) === PREFIX) this.declarations += written;
      else this.others += written;
    }
  }
}

function isAsciiBetween(bytes: Buffer, start: number, end: number): boolean {
  let seen = 0;
  for (let index = start; index < end; index++) seen |= bytes[index]!;
  return seen < 0x80;
}

/** The fragment that the scanner has just completed; it ends at `end`. */
export function fragmentOf(bytes: Buffer, scanner: Scanner, end: number, isAscii: boolean): Fragment {
  const { root, scope, start } = scanner;
  const { contentStart, contentEnd } = scanner;
  const text = bytes.toString(isAscii ? "latin1" : "utf8", start, end);
  // Where all before the content is ASCII, places in the bytes are places in the text, and so is the end tag's length.
  const isEven = isAscii || isAsciiBetween(bytes, start, contentStart);
  // Values cut out of a text keep all of it in memory: those of long texts are copied, for they may be kept for long.
  const attributes = new RootAttributes(bytes, root, start, isEven && text.length <= LONG_SOURCE ? text : undefined);
  const content = isEven
    ? text.slice(contentStart - start, text.length - (end - contentEnd))
    : bytes.toString("utf8", contentStart, contentEnd);
  const prefix = root.colon < 0 ? "" : bytes.toString("utf8", root.nameStart, root.colon);
  const namespace = prefix === "" ? scanner.contentNamespace : (scope.resolve(prefix) ?? "");
  const localStart = root.colon < 0 ? root.nameStart : root.colon + 1;
  const expanded = names.find(bytes, localStart, root.nameEnd, namespace);
  let { declarations } = attributes;
  for (const borrowed of scope.borrowed)
    declarations += declaration(borrowed, scope.header.prefixes.get(borrowed) ?? "");
  return new Fragment({
    name: expanded.name,
    namespace: expanded.namespace,
    prefix,
    to: attributes.to,
    from: attributes.from,
    type: attributes.type,
    id: attributes.id,
    lang: attributes.lang,
    otherAttributes: attributes.others,
    children: scanner.children,
    content,
    contentNamespace: scanner.contentNamespace,
    declarations,
    isAscii,
    bytes: end - start,
    hasText: scanner.hasText,
  });
}

/** The stream header that the scanner has just read. */
export function openingOf(bytes: Buffer, scanner: Scanner): StreamOpening {
  const { root, scope } = scanner;
  const attributes = new RootAttributes(bytes, root, scanner.start, undefined);
  const prefix = root.colon < 0 ? "" : bytes.toString("utf8", root.nameStart, root.colon);
  return {
    name: bytes.toString("utf8", root.colon < 0 ? root.nameStart : root.colon + 1, root.nameEnd),
    namespace: prefix === "" ? scanner.contentNamespace : (scope.resolve(prefix) ?? ""),
    prefix,
    defaultNamespace: scanner.contentNamespace,
    prefixes: scope.declared(),
    to: attributes.to,
    from: attributes.from,
    id: attributes.id,
    version: attributes.version,
    lang: attributes.lang,
  };
}
