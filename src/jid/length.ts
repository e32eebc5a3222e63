// The length limit that all three parts of an address share.
import { JidMalformed, type JidPart } from "./malformed.js";

/** The longest part of an address, in octets of UTF-8 (RFC 7622 §3.1). */
export const MAXIMUM_OCTETS = 1023;

/** Returns the prepared part if it has 1 to 1023 octets of UTF-8, and throws {@link JidMalformed} if not. */
export function withinLimits(part: JidPart, text: string): string {
  if (text === "") throw new JidMalformed(part, "is empty");
  // Each UTF-16 code unit is three octets at most, so short texts need no count.
  if (text.length * 3 > MAXIMUM_OCTETS && Buffer.byteLength(text) > MAXIMUM_OCTETS) {
    throw new JidMalformed(part, `is longer than ${MAXIMUM_OCTETS} octets`);
  }
  return text;
}

/**
 * The longest text that mapping and NFC can shorten to {@link MAXIMUM_OCTETS}, in UTF-16 code units. They shorten most
 * where three code units become one character of two octets (u, U+0308, U+0304).
 */
const MAXIMUM_UNPREPARED = 1535;

/** Refuses a text that no preparation can make short enough, before time is spent on one. */
export function requireHope(part: JidPart, text: string): void {
  if (text.length > MAXIMUM_UNPREPARED) throw new JidMalformed(part, `is longer than ${MAXIMUM_OCTETS} octets`);
}
