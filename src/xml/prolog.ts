// The XML declaration at the beginning of a document.
import type { FaultCondition } from "./fault.js";

const LONGEST_DECLARATION = 256;
const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:'1\.\d+'|"1\.\d+")(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:'([A-Za-z][\w.-]*)'|"([A-Za-z][\w.-]*)"))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:'(?:yes|no)'|"(?:yes|no)"))?[ \t\r\n]*\?>$/;

/** More bytes are needed. */
export const PROLOG_INCOMPLETE = -1;

/** The index after the XML declaration whose `<?` stands at `start`, PROLOG_INCOMPLETE, or what is wrong with it. */
export function endOfDeclaration(bytes: Buffer, start: number, end: number): number | [FaultCondition, string] {
  const text = bytes.toString("latin1", start, Math.min(end, start + LONGEST_DECLARATION));
  const isBegun = "<?xml".startsWith(text) || /^<\?xml[ \t\r\n]/.test(text);
  if (!isBegun) return ["restricted-xml", "Processing instructions are not allowed."];
  const close = text.indexOf("?>");
  if (close < 0 && text.length < LONGEST_DECLARATION) return PROLOG_INCOMPLETE;
  const match = DECLARATION.exec(text.slice(0, close + 2));
  if (match === null) return ["not-well-formed", "Malformed XML declaration."];
  const encoding = match[1] ?? match[2] ?? "UTF-8";
  // RFC 6120 §11.6
  if (encoding.toUpperCase() !== "UTF-8") return ["unsupported-encoding", "Only UTF-8 is supported."];
  return start + close + 2;
}
