// What stands outside of first-level elements: white space, the stream's end tag, and everything not allowed there.
import { CLASSES, EXCLAMATION, GREATER, LESS, NAME_START, OPEN_BRACKET, QUESTION, SLASH } from "./characters.js";
import { beginsCharacter } from "./encoding.js";
import { XmlFault } from "./fault.js";
import type { FaultCondition } from "./fault.js";
import { skipWhite } from "./runs.js";

/** Where in the document a reader is; "restart" is the beginning of a document after another one. */
export type Place = "start" | "restart" | "prolog" | "stream" | "over";

/** What begins at a byte outside of elements; a fault where nothing may. */
export type Outside = "unknown yet" | "element" | "declaration" | "end tag" | XmlFault;

/** More white space than anybody puts into an end tag. */
const LONGEST_CLOSING = 1024;

/** Judges what begins at `start`, where no white space stands. */
export function judgeOutside(bytes: Buffer, start: number, end: number, place: Place): Outside {
  const byte = bytes[start]!;
  if (byte !== LESS) return textFault(byte, place);
  if (start + 1 >= end) return "unknown yet";
  const next = bytes[start + 1]!;
  if ((CLASSES[next]! & NAME_START) !== 0) return "element";
  if (next === SLASH && place === "stream") return "end tag";
  if (next === QUESTION && (place === "start" || place === "restart")) return "declaration";
  return judgeMarkup(bytes, start, end, place);
}

function textFault(byte: number, place: Place): XmlFault {
  // Zero bytes come with UTF-16 and UTF-32; the others can begin no character of UTF-8 (RFC 6120 §11.6).
  if (byte === 0 || !beginsCharacter(byte)) return encodingFault();
  // U+FEFF too: RFC 6120 §11.6 forbids to take it for a byte order mark.
  if (place !== "stream") return new XmlFault("not-well-formed", "A stream must begin with a stream header.");
  // XML allows text here, RFC 6120 §11.7 only white space.
  return new XmlFault("bad-format", "Text between stanzas is not allowed.");
}

function judgeMarkup(bytes: Buffer, start: number, end: number, place: Place): Outside {
  const next = bytes[start + 1]!;
  if (next === 0) return encodingFault();
  if (next === QUESTION) return new XmlFault("restricted-xml", "Processing instructions are not allowed.");
  if (next !== EXCLAMATION) return new XmlFault("not-well-formed", "'<' must be followed by a name.");
  if (start + 2 >= end) return "unknown yet";
  if (bytes[start + 2] !== OPEN_BRACKET) return new XmlFault("restricted-xml", "Comments and DTDs are not allowed.");
  const condition: FaultCondition = place === "stream" ? "bad-format" : "not-well-formed";
  return new XmlFault(condition, "Text between stanzas is not allowed.");
}

/** The index after the end tag that begins at `start` and must be named `name`, a fault, or undefined: not known yet. */
export function endOfClosing(bytes: Buffer, start: number, end: number, name: string): number | XmlFault | undefined {
  const expected = Buffer.from(`</${name}`);
  for (let at = 0; at < expected.length; at++) {
    if (start + at >= end) return undefined;
    if (bytes[start + at] !== expected[at]) return closingFault();
  }
  const index = skipWhite(bytes, start + expected.length, end);
  if (index - start > LONGEST_CLOSING) return new XmlFault("policy-violation", "The closing tag is too long.");
  if (index >= end) return undefined;
  return bytes[index] === GREATER ? index + 1 : closingFault();
}

function closingFault(): XmlFault {
  return new XmlFault("not-well-formed", "An end tag without a start tag.");
}

/** What answers bytes that are not UTF-8. */
export function encodingFault(): XmlFault {
  return new XmlFault("unsupported-encoding", "The stream is not UTF-8.");
}
