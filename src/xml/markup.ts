// What begins with `<!`: CDATA is read, everything else is refused.
import { HYPHEN } from "./characters.js";
import type { FaultCondition } from "./fault.js";

/** A CDATA section begins here, CDATA_LENGTH bytes long. */
export const CDATA_BEGINS = 1;
/** More bytes are needed to tell. */
export const DECLARATION_INCOMPLETE = 0;

const CDATA = Buffer.from("<![CDATA[");
export const CDATA_LENGTH = CDATA.length;

/** Why a declaration is refused, and the last byte needed to know. */
export interface RefusedDeclaration {
  readonly at: number;
  readonly condition: FaultCondition;
  readonly text: string;
}

/** Judges the markup whose `<!` stands at `start`. */
export function judgeDeclaration(
  bytes: Buffer,
  start: number,
  end: number,
): typeof CDATA_BEGINS | typeof DECLARATION_INCOMPLETE | RefusedDeclaration {
  for (let offset = 2; offset < CDATA_LENGTH; offset++) {
    if (start + offset >= end) return DECLARATION_INCOMPLETE;
    if (bytes[start + offset] === CDATA[offset]) continue;
    return offset === 2 ? refuse(bytes, start + 2, end) : malformed(start + offset);
  }
  return CDATA_BEGINS;
}

// RFC 6120 §11.1: comments and every part of a DTD are restricted.
function refuse(bytes: Buffer, at: number, end: number): typeof DECLARATION_INCOMPLETE | RefusedDeclaration {
  const byte = bytes[at]!;
  if (byte >= 0x41 && byte <= 0x5a) return { at, condition: "restricted-xml", text: "DTDs are not allowed." };
  if (byte !== HYPHEN) return malformed(at);
  if (at + 1 >= end) return DECLARATION_INCOMPLETE;
  if (bytes[at + 1] !== HYPHEN) return malformed(at + 1);
  return { at: at + 1, condition: "restricted-xml", text: "Comments are not allowed." };
}

function malformed(at: number): RefusedDeclaration {
  return { at, condition: "not-well-formed", text: "Malformed markup after '<!'." };
}
