// Nicknames: the profile of RFC 8266, as they are shown and as they are compared.
import { isPrintable } from "./ascii.js";
import { MAXIMUM_OCTETS } from "./length.js";
import { TextRefused } from "./malformed.js";
import { nickname, nicknameCaseMapped } from "./precis.js";

/** RFC 8266 §2.1: at the ends no space, elsewhere one at most. */
const untidySpace = /^ | $| {2}/;

/**
 * Prepares a nickname to be shown (RFC 8266 §2.3): spaces in order, compatibility characters replaced (NFKC), case kept.
 * Idempotent; 1 to 1023 octets of UTF-8, as it has to fit into an address.
 * @throws TextRefused if the profile does not allow it
 */
export function prepareNickname(text: string): string {
  const isPlain = isPrintable(text) && !untidySpace.test(text);
  return withinLimits(isPlain ? text : nickname(bounded(text)));
}

/**
 * The form in which nicknames that people may take for one another are equal strings (RFC 8266 §2.4). Of a text and of
 * what prepareNickname() makes of it, it is the same.
 * @throws TextRefused for what prepareNickname() refuses
 */
export function nicknameKey(text: string): string {
  const shown = prepareNickname(text);
  return isPrintable(shown) ? shown.toLowerCase() : nicknameCaseMapped(shown);
}

/** Before time is spent on it: a nickname that is not shown as it was typed may lose spaces, but not so many. */
function bounded(text: string): string {
  if (text.length > 2 * MAXIMUM_OCTETS) throw tooLong();
  return text;
}

function withinLimits(text: string): string {
  if (text === "") throw new TextRefused("is empty"); // RFC 8266 §2.3
  if (text.length * 3 > MAXIMUM_OCTETS && Buffer.byteLength(text) > MAXIMUM_OCTETS) throw tooLong();
  return text;
}

function tooLong(): TextRefused {
  return new TextRefused(`is longer than ${MAXIMUM_OCTETS} octets`);
}
