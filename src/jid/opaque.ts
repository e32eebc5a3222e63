// OpaqueString, the profile of RFC 8265 §4.2 for passwords.
import { isPrintable } from "./ascii.js";
import { TextRefused } from "./malformed.js";
import { opaque } from "./precis.js";

/**
 * Prepares a password by OpaqueString (RFC 8265 §4.2): non-ASCII spaces become U+0020, then NFC; nothing else changes.
 *
 * Not for SCRAM keys: RFC 5802 §2.2 names SASLprep there, see `saslprep`. The two differ in that SASLprep deletes
 * invisible characters (soft hyphen, zero-width space …), replaces compatibility characters (NFKC: "ﬁ" → "fi",
 * "Ⅸ" → "IX"), checks the writing direction and refuses what Unicode 3.2 did not know (most emoji), while OpaqueString
 * refuses invisible characters and keeps the rest as typed. For printable ASCII both return what was typed.
 * @throws TextRefused if it is empty or has a character that the FreeformClass refuses
 */
export function opaqueString(text: string): string {
  if (text === "") throw new TextRefused("is empty");
  return isPrintable(text) ? text : opaque(text);
}
