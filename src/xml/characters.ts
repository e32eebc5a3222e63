// The character classes of XML 1.0, by byte for the scanner and by code point for what is not ASCII.

export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
export const SPACE = 0x20;
export const EXCLAMATION = 0x21;
export const DOUBLE_QUOTE = 0x22;
export const HASH = 0x23;
export const AMPERSAND = 0x26;
export const APOSTROPHE = 0x27;
export const HYPHEN = 0x2d;
export const SLASH = 0x2f;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const LESS = 0x3c;
export const EQUALS = 0x3d;
export const GREATER = 0x3e;
export const QUESTION = 0x3f;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;

/** May stand in a name (the colon apart, which is looked for); any byte beyond ASCII: decoded names are checked again. */
export const NAME = 1;
/** May begin a name. */
export const NAME_START = 2;
/** White space: space, tab, line feed, carriage return. */
export const WHITE = 4;

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** The classes above for each byte, or-ed together. */
export const CLASSES = tableOf((byte, character) => {
  if (byte >= 0x80 || character === "_" || LETTERS.includes(character.toLowerCase())) return NAME | NAME_START;
  if ("0123456789.-".includes(character)) return NAME;
  return " \t\n\r".includes(character) ? WHITE : 0;
});

// For each kind of run a table of what ends it: 0 goes on. A test against 0 is what the compiler makes fastest.

/** Ends a run of ASCII name characters. */
export const NAME_STOPS = tableOf((byte) => (byte < 0x80 && (CLASSES[byte]! & NAME) !== 0 ? 0 : 1));
/** Ends a run of plain text: `<`, `&`, `>` (which may end `]]>`) and what XML forbids. */
export const TEXT_STOPS = tableOf((byte, character) => ("<&>".includes(character) || isForbidden(byte) ? 1 : 0));
/** Ends a run of plain attribute value: quotes, `<`, `&`, white space other than space, and what XML forbids. */
export const VALUE_STOPS = tableOf((byte, character) => ("<&\"'".includes(character) || byte < SPACE ? 1 : 0));
/** Ends a run of CDATA: `>` and what XML forbids. */
export const DATA_STOPS = tableOf((byte, character) => (character === ">" || isForbidden(byte) ? 1 : 0));

function isForbidden(byte: number): boolean {
  return byte < SPACE && (CLASSES[byte]! & WHITE) === 0;
}

function tableOf(valueOf: (byte: number, character: string) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => valueOf(byte, String.fromCharCode(byte)));
}

const NAME_START_CHARACTERS =
  "A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F" +
  "\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}";
const UNPREFIXED_NAME = `[${NAME_START_CHARACTERS}][-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040${NAME_START_CHARACTERS}]*`;
const QUALIFIED_NAME = new RegExp(`^(?:${UNPREFIXED_NAME}:)?${UNPREFIXED_NAME}$`, "u");

/** Whether `name` is a QName of Namespaces in XML 1.0 §4: one colon at most, and a name on either side of it. */
export function isQualifiedName(name: string): boolean {
  return QUALIFIED_NAME.test(name);
}

/** Whether XML 1.0 §2.2 allows the code point in a document, as itself or as a character reference. */
export function isLegalCodePoint(point: number): boolean {
  if (point < SPACE) return point === TAB || point === LINE_FEED || point === CARRIAGE_RETURN;
  return point <= 0xd7ff || (point >= 0xe000 && point <= 0xfffd) || (point >= 0x10000 && point <= 0x10ffff);
}
