// Makes a fragment or a stream opening of the offsets that the scanner has found.
import { declaration, Fragment } from "./fragment.js";
import { NameCache } from "./names.js";
import type { StreamOpening } from "./opening.js";
import { unescapeValue } from "./reference.js";
import type { Scanner } from "./scanner.js";
import { declares, NOTHING, PREFIX } from "./scope.js";
import { ATTRIBUTE_SIZE, NAME_AT, NAME_END, NEEDS_UNESCAPE, VALUE_AT, VALUE_END } from "./tag.js";

// A memory without effect on what is answered, shared by all readers.
const names = new NameCache();
const LONG_SOURCE = 4096;

/** The text of one element, cut out of one string when it is ASCII: offsets in bytes are then offsets in characters. */
class Source {
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #text: string | undefined;

  constructor(bytes: Buffer, start: number, end: number, isAscii: boolean) {
    this.#bytes = bytes;
    this.#start = start;
    this.#text = isAscii ? bytes.toString("latin1", start, end) : undefined;
  }

  /** A long part: may share the memory of the whole text. */
  content(start: number, end: number): string {
    return this.#text?.slice(start - this.#start, end - this.#start) ?? this.#bytes.toString("utf8", start, end);
  }

  /** A short part that may be kept for long: never holds a long text in memory. */
  part(start: number, end: number): string {
    const isCheap = this.#text !== undefined && this.#text.length <= LONG_SOURCE;
    return isCheap ? this.content(start, end) : this.#bytes.toString("utf8", start, end);
  }
}

/** The attributes of a root tag, sorted out. */
class RootAttributes {
  to: string | undefined;
  from: string | undefined;
  type: string | undefined;
  id: string | undefined;
  lang: string | undefined;
  declarations = "";
  others = "";

  constructor(bytes: Buffer, scanner: Scanner, source: Source) {
    const tag = scanner.root;
    for (let at = 0; at < tag.used; at += ATTRIBUTE_SIZE) {
      const start = tag.attributes[at + NAME_AT]!;
      const end = tag.attributes[at + NAME_END]!;
      const raw = source.part(tag.attributes[at + VALUE_AT]!, tag.attributes[at + VALUE_END]!);
      const value = tag.attributes[at + NEEDS_UNESCAPE] === 0 ? raw : unescapeValue(raw);
      if (this.#set(bytes, start, end - start, value)) continue;
      const kind = declares(bytes, tag, at);
      const written = ` ${source.part(start, tag.attributes[at + VALUE_END]! + 1)}`;
      if (kind === PREFIX) this.declarations += written;
      else if (kind === NOTHING) this.others += written;
    }
  }

  #set(bytes: Buffer, start: number, length: number, value: string): boolean {
    if (length === 2 && is(bytes, start, "to")) this.to = value;
    else if (length === 2 && is(bytes, start, "id")) this.id = value;
    else if (length === 4 && is(bytes, start, "from")) this.from = value;
    else if (length === 4 && is(bytes, start, "type")) this.type = value;
    else if (length === 8 && is(bytes, start, "xml:lang")) this.lang = value;
    else return false;
    return true;
  }
}

function is(bytes: Buffer, start: number, name: string): boolean {
  for (let index = 0; index < name.length; index++) {
    if (bytes[start + index] !== name.charCodeAt(index)) return false;
  }
  return true;
}

/** The fragment that the scanner has just completed; it ends at `end`. */
export function fragmentOf(bytes: Buffer, scanner: Scanner, end: number, isAscii: boolean): Fragment {
  const { root, scope, start } = scanner;
  const source = new Source(bytes, start, end, isAscii);
  const attributes = new RootAttributes(bytes, scanner, source);
  const prefix = root.colon < 0 ? "" : bytes.toString("utf8", root.nameStart, root.colon);
  const namespace = prefix === "" ? scanner.contentNamespace : (scope.resolve(prefix) ?? "");
  const localStart = root.colon < 0 ? root.nameStart : root.colon + 1;
  const expanded = names.find(bytes, localStart, root.nameEnd, -1, -1, namespace);
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
    content: source.content(scanner.contentStart, scanner.contentEnd),
    contentNamespace: scanner.contentNamespace,
    declarations,
    isAscii,
    bytes: end - start,
    hasText: scanner.hasText,
  });
}

/** The stream header that the scanner has just read; it ends at `end`. */
export function openingOf(bytes: Buffer, scanner: Scanner, end: number): StreamOpening {
  const { root, scope } = scanner;
  const attributes = new RootAttributes(bytes, scanner, new Source(bytes, scanner.start, end, false));
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
    version: versionOf(bytes, scanner),
    lang: attributes.lang,
  };
}

function versionOf(bytes: Buffer, scanner: Scanner): string | undefined {
  const { attributes, used } = scanner.root;
  for (let at = 0; at < used; at += ATTRIBUTE_SIZE) {
    const name = bytes.toString("utf8", attributes[at + NAME_AT], attributes[at + NAME_END]);
    if (name === "version")
      return unescapeValue(bytes.toString("utf8", attributes[at + VALUE_AT], attributes[at + VALUE_END]));
  }
  return undefined;
}
