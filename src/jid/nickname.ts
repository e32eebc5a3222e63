// Nicknames: the profile of RFC 8266, as they are shown (§2.3) and as they are compared (§2.4).
import { isPrintable } from "./ascii.js";
import { TextRefused } from "./malformed.js";
import { nickname } from "./precis.js";

/** The longest nickname that is prepared, in UTF-16 code units: that of a resource (RFC 7622 §3.4). */
const longest = 1535;

/**
 * Prepares a nickname for being shown: no spaces at its ends, single ones in it, NFKC; its case is kept. Idempotent.
 * @throws TextRefused if nothing is left of it, or if it has a character that the FreeformClass refuses
 */
export function prepareNickname(text: string): string {
  return notEmpty(isPlain(text) ? text : nickname(bounded(text), false));
}

/**
 * The form in which nicknames are equal that people would take for the same: in lower case, too.
 * @throws TextRefused likewise
 */
export function nicknameKey(text: string): string {
  return notEmpty(isPlain(text) ? text.toLowerCase() : nickname(bounded(text), true));
}

/** Printable ASCII without superfluous spaces: the profile changes nothing but its case. */
function isPlain(text: string): boolean {
  return isPrintable(text) && !text.startsWith(" ") && !text.endsWith(" ") && !text.includes("  ");
}

function bounded(text: string): string {
  if (text.length > longest) throw new TextRefused(`is longer than ${longest} characters`);
  return text;
}

function notEmpty(text: string): string {
  if (text === "") throw new TextRefused("is empty");
  return text;
}
