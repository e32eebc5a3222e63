// One WebSocket message as one element (RFC 7395 §3.3.3).
import { fragmentOf } from "./assemble.js";
import { CLASSES, LESS, NAME_START, QUESTION } from "./characters.js";
import { ASCII, FORBIDDEN, judgeEncoding, NO_UTF8 } from "./encoding.js";
import { XmlFault } from "./fault.js";
import type { Fragment } from "./fragment.js";
import type { ReaderLimits } from "./limits.js";
import { judgeDeclaration } from "./markup.js";
import { endOfDeclaration } from "./prolog.js";
import { skipWhite } from "./runs.js";
import { REFUSED } from "./scanner.js";
import type { Scanner } from "./scanner.js";
import { returnScanner, takeScanner } from "./scanner-pool.js";
import { EMPTY_SCOPE } from "./scope.js";

/**
 * The one element that a frame consists of. RFC 7395 §3.3.3: a frame is a document of its own and begins with `<`; so
 * white space before the element is refused, behind it accepted. Nothing is inherited from other frames: without an
 * xmlns the element is in no namespace.
 * @throws {XmlFault} with the stream error to answer.
 */
export function readFrame(frame: Buffer | string, limits: ReaderLimits): Fragment {
  const bytes = typeof frame === "string" ? Buffer.from(frame) : frame;
  if (bytes.length > limits.stanzaBytes) throw new XmlFault("policy-violation", "A stanza is larger than allowed.");
  const encoding = judgeEncoding(bytes, 0, bytes.length);
  if (encoding === NO_UTF8) throw new XmlFault("unsupported-encoding", "The frame is not UTF-8.");
  if (encoding === FORBIDDEN) throw malformed("A character that XML forbids.");
  if (bytes[0] !== LESS) throw new XmlFault("bad-format", "A frame must begin with '<'.");
  return readElement(bytes, startOfElement(bytes), limits, encoding === ASCII);
}

function readElement(bytes: Buffer, start: number, limits: ReaderLimits, isPlain: boolean): Fragment {
  const scanner = takeScanner();
  try {
    return scanElement(scanner, bytes, start, limits, isPlain);
  } finally {
    returnScanner(scanner);
  }
}

function scanElement(scanner: Scanner, bytes: Buffer, start: number, limits: ReaderLimits, isPlain: boolean): Fragment {
  scanner.begin(start, EMPTY_SCOPE, limits, false);
  const after = scanner.scan(bytes, bytes.length);
  if (after === REFUSED) throw new XmlFault(scanner.condition, scanner.text);
  if (after < 0) throw malformed("The frame ends before its element does.");
  refuseRest(bytes, after);
  return fragmentOf(bytes, scanner, after, isPlain);
}

function startOfElement(bytes: Buffer): number {
  if (bytes[1] !== QUESTION) return refuseDeclaration(bytes, 0);
  const after = endOfDeclaration(bytes, 0, bytes.length);
  if (typeof after !== "number") throw new XmlFault(...after);
  if (after < 0) throw malformed("Malformed XML declaration.");
  return refuseDeclaration(bytes, skipWhite(bytes, after, bytes.length));
}

function refuseDeclaration(bytes: Buffer, start: number): number {
  if ((CLASSES[bytes[start + 1] ?? 0]! & NAME_START) !== 0 && bytes[start] === LESS) return start;
  throw faultOf(bytes, start);
}

function refuseRest(bytes: Buffer, after: number): void {
  const rest = skipWhite(bytes, after, bytes.length);
  if (rest < bytes.length) throw faultOf(bytes, rest);
}

function faultOf(bytes: Buffer, start: number): XmlFault {
  const isMarkup = bytes[start] === LESS;
  if (isMarkup && bytes[start + 1] === QUESTION) {
    return new XmlFault("restricted-xml", "Processing instructions are not allowed.");
  }
  const judgement = isMarkup ? judgeDeclaration(bytes, start, bytes.length) : undefined;
  if (typeof judgement === "object" && bytes[start + 1] === 0x21)
    return new XmlFault(judgement.condition, judgement.text);
  return malformed("A frame must contain one element and nothing else.");
}

function malformed(text: string): XmlFault {
  return new XmlFault("not-well-formed", text);
}
