// Contextual rules: where the characters of CONTEXTJ and CONTEXTO may stand (RFC 5892 appendix A).
import { hasContextual } from "./code-points.js";
import { isTransparent, joinsBackward, joinsForward } from "./joining.js";

/** Tells whether the character at `index` may stand there. */
type ContextualRule = (characters: readonly string[], index: number) => boolean;

const rules = new Map<string, ContextualRule>([
  ["\u200C", (all, at) => followsVirama(all, at) || joinsAcross(all, at)], // A.1 ZERO WIDTH NON-JOINER
  ["\u200D", followsVirama], // A.2 ZERO WIDTH JOINER
  ["\u00B7", (all, at) => all[at - 1] === "l" && all[at + 1] === "l"], // A.3 MIDDLE DOT, as in Catalan
  ["\u0375", (all, at) => /^\p{Script=Greek}$/u.test(all[at + 1] ?? "")], // A.4 GREEK LOWER NUMERAL SIGN
  ["\u05F3", followsHebrew], // A.5 HEBREW PUNCTUATION GERESH
  ["\u05F4", followsHebrew], // A.6 HEBREW PUNCTUATION GERSHAYIM
]);

const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
const arabicIndicDigit = /[\u0660-\u0669]/u;
const extendedArabicIndicDigit = /[\u06F0-\u06F9]/u;

/**
 * Finds the first character that stands where its rule does not allow it.
 * @param text one label of a domain, or a whole localpart, resourcepart or password
 * @returns that character, or undefined when every rule is kept
 */
export function misplaced(text: string): string | undefined {
  if (!hasContextual.test(text)) return undefined;
  if (text.includes("\u30FB") && !japanese.test(text)) return "\u30FB"; // A.7 KATAKANA MIDDLE DOT
  if (extendedArabicIndicDigit.test(text)) {
    const mixed = arabicIndicDigit.exec(text); // A.8 and A.9: never both kinds of digits
    if (mixed) return mixed[0];
  }
  const characters = Array.from(text);
  return characters.find((character, index) => rules.get(character)?.(characters, index) === false);
}

function followsHebrew(characters: readonly string[], index: number): boolean {
  return /^\p{Script=Hebrew}$/u.test(characters[index - 1] ?? "");
}

function followsVirama(characters: readonly string[], index: number): boolean {
  const before = characters[index - 1];
  return before !== undefined && isVirama(before);
}

/**
 * Canonical combining class 9. Regular expressions don't know that property, but canonical ordering does: a virama
 * sorts behind U+3099 (class 8) and before U+05B0 (class 10).
 */
function isVirama(mark: string): boolean {
  return `${mark}\u3099`.normalize("NFD").startsWith("\u3099") && `\u05B0${mark}`.normalize("NFD").endsWith("\u05B0");
}

// Joining_Type (L or D) T* U+200C T* (R or D)
function joinsAcross(characters: readonly string[], index: number): boolean {
  const isSeenThrough = (at: number): boolean => isTransparent.test(characters[at] ?? "");
  let before = index - 1;
  while (isSeenThrough(before)) before--;
  let after = index + 1;
  while (isSeenThrough(after)) after++;
  return joinsForward.test(characters[before] ?? "") && joinsBackward.test(characters[after] ?? "");
}
