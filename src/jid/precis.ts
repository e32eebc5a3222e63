// PRECIS: the two string classes of RFC 8264, the two profiles of RFC 8265 that XMPP uses, and that of RFC 8266.
import { hasRightToLeft, keepsBidiRule } from "./bidi.js";
import { Property, propertyOf } from "./code-points.js";
import { misplaced } from "./context.js";
import { codePointName, TextRefused } from "./malformed.js";

/** Maps a text as a profile says, or throws {@link TextRefused}. */
type Rules = (text: string) => string;

/** The profile UsernameCaseMapped of RFC 8265 §3.3, without the rule that the result must not be empty. */
export function usernameCaseMapped(text: string): string {
  return untilStable(text, (current) => {
    const wide = mapWidth(current);
    // Before the other mappings (§3.3.2): KELVIN SIGN is refused, not turned into "k".
    requireAllowed(wide, Property.valid);
    const result = wide.toLowerCase().normalize("NFC");
    requireInPlace(result);
    if (hasRightToLeft(result) && !keepsBidiRule(result)) throw new TextRefused("breaks the rule on writing direction");
    return result;
  });
}

/** The profile OpaqueString of RFC 8265 §4.2, without the rule that the result must not be empty. */
export function opaque(text: string): string {
  return untilStable(text, (current) => {
    requireAllowed(current, Property.freeformOnly);
    const result = current.replace(/\p{Zs}/gu, " ").normalize("NFC");
    requireInPlace(result);
    return result;
  });
}

/** The profile Nickname of RFC 8266 as it is enforced (§2.3), without the rule that the result must not be empty. */
export function nickname(text: string): string {
  return untilStable(text, (current) => {
    requireAllowed(current, Property.freeformOnly);
    const result = tidySpaces(current).normalize("NFKC");
    requireInPlace(result);
    return result;
  });
}

/** The same for comparison (§2.4): case is mapped too, by toLowerCase() and not by folding (§2.1, unlike RFC 7700). */
export function nicknameCaseMapped(text: string): string {
  return untilStable(text, (current) => {
    requireAllowed(current, Property.freeformOnly);
    return tidySpaces(current).toLowerCase().normalize("NFKC");
  });
}

/** RFC 8266 §2.1, the additional mapping: all spaces are U+0020, none at the ends, one at a time elsewhere. */
function tidySpaces(text: string): string {
  return text
    .replace(/\p{Zs}+/gu, " ")
    .replace(/^ /, "")
    .replace(/ $/, "");
}

/** Width mapping (RFC 8265 §3.3.1): fullwidth and halfwidth characters become their ordinary forms. */
export function mapWidth(text: string): string {
  return text.replace(/[\u3000\uFF01-\uFFEE]/gu, (character) => character.normalize("NFKC"));
}

// RFC 8264 §7: the rules are applied again until nothing changes, three more times at most. The last round also proves
// that the result, not only what was typed, keeps every rule.
function untilStable(text: string, rules: Rules): string {
  let current = text;
  for (let round = 0; round < 4; round++) {
    const next = rules(current);
    if (next === current) return next;
    current = next;
  }
  throw new TextRefused("does not settle under its mappings");
}

/** Throws unless every character is valid, or of the kind that is allowed besides, or contextual. */
function requireAllowed(text: string, besides: number): void {
  for (const character of text) {
    const property = propertyOf(character);
    if (property === Property.valid || property === besides || property === Property.contextual) continue;
    throw new TextRefused(`contains ${codePointName(character)}, which is not allowed there`);
  }
}

// Asked of the result: "L·L" becomes "l·l", and only there does the rule of the middle dot hold.
function requireInPlace(text: string): void {
  const outOfPlace = misplaced(text);
  if (outOfPlace !== undefined)
    throw new TextRefused(`has ${codePointName(outOfPlace)} in a place that its rule forbids`);
}
