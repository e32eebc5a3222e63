// Generators of streams: well-formed stanzas in every spelling, damaged ones, and soups of the tokens that matter.
import fc from "fast-check";

const NAMES = ["a", "b", "body", "x:a", "y:b", "c-1.2_", "_u", "é", "ж\u0301", "\u{10400}a", "stream:x", "xml:a"];
const ATTRIBUTES = [
  "to",
  "from",
  "id",
  "type",
  "xml:lang",
  "a",
  "b",
  "x:a",
  "y:a",
  "y:b",
  "é",
  "__proto__",
  "constructor",
];
const NAMESPACES = [
  "urn:a",
  "urn:b",
  "jabber:client",
  "http://jabber.org/protocol/chatstates",
  "urn:&amp;",
  "urn:é",
  "a b",
];
const TEXTS = [
  "Wherefore",
  " ",
  "\n",
  "\t",
  "\r\n",
  "\r",
  "&lt;",
  "&amp;",
  "&#65;",
  "&#x1F494;",
  "&#13;",
  "&#10;",
  "é",
  "💔",
];
const MORE_TEXTS = ["]]", "]", ">", "'", '"', "&quot;", "&apos;&gt;", "\u0085", "\u2028", "\ufffd", "\x7f", "]]&gt;"];

const text = fc.array(fc.constantFrom(...TEXTS, ...MORE_TEXTS), { maxLength: 4 }).map((parts) => parts.join(""));
const properText = text.map((it) => it.replace(/\]\]>/g, "]]"));
const data = fc
  .array(fc.constantFrom(...TEXTS, "<", "&", "<a>"), { maxLength: 3 })
  .map((it) => `<![CDATA[${it.join("")}]]>`);
const white = fc.constantFrom("", "", "", " ", "\n", "\t ");

const attribute = fc
  .tuple(
    fc.constantFrom(...ATTRIBUTES),
    text,
    fc.constantFrom("'", '"'),
    white,
    white,
    fc.constantFrom(" ", "\n", "  "),
  )
  .map(([name, value, quote, before, after, space]) => ({
    name,
    source: `${space}${name}${before}=${after}${quote}${value.replaceAll(quote, "")}${quote}`,
  }));

const declaration = fc
  .tuple(fc.constantFrom("xmlns", "xmlns:x", "xmlns:y"), fc.constantFrom(...NAMESPACES))
  .map(([name, value]) => ({ name, source: ` ${name}='${value}'` }));

const attributes = fc
  .tuple(
    fc.uniqueArray(declaration, { selector: ({ name }) => name, maxLength: 2 }),
    fc.uniqueArray(attribute, { selector: ({ name }) => name, maxLength: 4 }),
  )
  .map((lists) =>
    lists
      .flat()
      .map(({ source }) => source)
      .join(""),
  );

/** One element; mostly well-formed, its prefixes mostly declared. */
export const element: fc.Arbitrary<string> = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc
    .tuple(
      fc.constantFrom(...NAMES),
      attributes,
      white,
      fc.array(tie("content"), { maxLength: 4 }),
      white,
      fc.boolean(),
    )
    .map(([name, attributes, space, content, closing, isShort]) =>
      isShort && content.length === 0
        ? `<${name}${attributes}${space}/>`
        : `<${name}${attributes}${space}>${content.join("")}</${name}${closing}>`,
    ),
  content: fc.oneof({ maxDepth: 4, withCrossShrink: true }, properText, data, tie("element")),
})).element;

/** What a client sends inside its stream: stanzas with white space between them. */
export const stanzas = fc
  .array(fc.tuple(element, fc.constantFrom("", " ", "\n", "\r\n\t")), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.flat().join(""));

const MARKUP = [
  "<",
  ">",
  "</",
  "/>",
  "/",
  "=",
  "'",
  '"',
  "&",
  ";",
  ":",
  " ",
  "]]>",
  "<![CDATA[",
  "<!",
  "<?",
  "?>",
  "!",
  "-",
];
const WHOLE = [
  "<a>",
  "</a>",
  "<a/>",
  "<x:a xmlns:x='urn:x'>",
  "</x:a>",
  " a='b'",
  ' a="',
  " xmlns='urn:a'",
  " xmlns=''",
];
const FORBIDDEN = [
  "<!-- -->",
  "<?a b?>",
  "<!DOCTYPE a>",
  "&nbsp;",
  "&#0;",
  "&#xD800;",
  "&#x;",
  "\0",
  "\x1f",
  "\ufffe",
  "\uffff",
];
const NAMESPACED = [
  " xmlns:x=''",
  " xmlns:xml='a'",
  " xmlns:xmlns='a'",
  " xml:b=''",
  " x:a=''",
  " y:a=''",
  "a:b:c",
  ":",
  "1",
];
const RAW = ["\xff", "\xc3", "\xa9", "\xe2\x82", "\xf0\x9f", "\xed\xa0\x80", "\xc0\x80", "\xef\xbf\xbe"];

/** A token as bytes: text in UTF-8, or bytes that may not be UTF-8. */
export const token: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...MARKUP, ...WHOLE).map((it) => Buffer.from(it)) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(...TEXTS, ...NAMES, ...FORBIDDEN, ...NAMESPACED).map((it) => Buffer.from(it)),
  },
  { weight: 1, arbitrary: fc.constantFrom(...RAW).map((it) => Buffer.from(it, "latin1")) },
);

/** Tokens in any order. */
export const soup = fc.array(token, { minLength: 1, maxLength: 12 }).map((tokens) => Buffer.concat(tokens));

const edit = fc.record({ at: fc.nat(), drop: fc.nat(5), insert: fc.option(token, { nil: Buffer.alloc(0) }) });

/** Stanzas with one to three places damaged. */
export const damaged = fc.tuple(stanzas, fc.array(edit, { minLength: 1, maxLength: 3 })).map(([source, edits]) =>
  edits.reduce((bytes, { at, drop, insert }) => {
    const place = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, place), insert, bytes.subarray(place + drop)]);
  }, Buffer.from(source)),
);
