// Writing direction: the Bidi Rule of RFC 5893 §2 for labels and localparts.
// Regular expressions don't know Bidi_Class, so it is told here from blocks (DerivedBidiClass.txt: the blocks of
// right-to-left scripts are R or AL by default, for characters of future Unicode versions too) and categories.

const rightToLeftBlocks = "\\u0590-\\u08FF\\uFB1D-\\uFDFF\\uFE70-\\uFEFF\\u{10800}-\\u{10FFF}\\u{1E800}-\\u{1EFFF}";
const arabicNumber =
  "\\u0600-\\u0605\\u0660-\\u0669\\u066B\\u066C\\u06DD\\u0890\\u0891\\u08E2\\u{10D30}-\\u{10D39}\\u{10E60}-\\u{10E7E}";
const europeanNumber = "0-9\\u06F0-\\u06F9";
const neutralInRightToLeftBlocks =
  "\\u0606\\u0607\\u0609\\u060A\\u060C\\u060E\\u060F\\u066A\\u06DE\\u06E9\\u07F6-\\u07F9\\uFB29\\uFD3E-\\uFD4F\\uFDCF" +
  "\\uFDFD-\\uFDFF\\uFEFF\\u{1091F}\\u{10B39}-\\u{10B3F}\\u{1EEF0}\\u{1EEF1}";
// Letters (Lm) that have no direction of their own (ON).
const neutralLetters = "\\u02B9\\u02BA\\u02C6-\\u02CF\\u02EC\\u2E2F\\uA67F\\uA717-\\uA71F\\uA788";
// Nonspacing marks that count as left-to-right all the same.
const directedMarks = "\\u0CBF\\u0CC6\\u{11A07}\\u{11A08}\\u{11C3F}";

const notRightToLeft = `\\p{Mn}${arabicNumber}${europeanNumber}${neutralInRightToLeftBlocks}`;
/** One character of Bidi_Class R or AL. */
const rightToLeft = `(?:(?![${notRightToLeft}])[${rightToLeftBlocks}\\u200F])`;
/** One character of Bidi_Class L. */
const leftToRight = `(?:(?![${rightToLeftBlocks}${neutralLetters}\\u0375\\u30FB])[\\p{L}\\p{Mc}\\p{Nl}\\p{Nd}\\u0F0B${directedMarks}](?<![${europeanNumber}]))`;
const mark = `(?:(?![${directedMarks}])\\p{Mn})`;

const hasRightToLeftLetter = new RegExp(rightToLeft, "u");
const lastIsRightToLeft = new RegExp(`${rightToLeft}$`, "u");
const hasRightToLeftCharacter = new RegExp(`${rightToLeft}|[${arabicNumber}]`, "u");
const hasLeftToRightCharacter = new RegExp(leftToRight, "u");
const startsRightToLeft = new RegExp(`^${rightToLeft}`, "u");
const startsLeftToRight = new RegExp(`^${leftToRight}`, "u");
const endsRightToLeft = new RegExp(`(?:${rightToLeft}|[${europeanNumber}${arabicNumber}])${mark}*$`, "u");
const endsLeftToRight = new RegExp(`(?:${leftToRight}|[${europeanNumber}])${mark}*$`, "u");
const hasArabicNumber = new RegExp(`[${arabicNumber}]`, "u");
const hasEuropeanNumber = new RegExp(`[${europeanNumber}]`, "u");

/** True if the text has a character of Bidi_Class R, AL or AN (an "RTL label", RFC 5893 §1.4). */
export function hasRightToLeft(text: string): boolean {
  return hasRightToLeftCharacter.test(text);
}

/**
 * True if the text keeps the six conditions of the Bidi Rule (RFC 5893 §2).
 * @param text a label of a domain that has a right-to-left label, or a localpart with right-to-left characters
 */
export function keepsBidiRule(text: string): boolean {
  if (startsRightToLeft.test(text)) {
    const isMixed = hasArabicNumber.test(text) && hasEuropeanNumber.test(text); // condition 4
    return !hasLeftToRightCharacter.test(text) && endsRightToLeft.test(text) && !isMixed; // conditions 2 and 3
  }
  return startsLeftToRight.test(text) && !hasRightToLeftCharacter.test(text) && endsLeftToRight.test(text); // 1, 5, 6
}

/**
 * True if the text keeps the rule of the older stringprep (RFC 3454 §6): with one right-to-left character there is no
 * left-to-right one, and the first and the last are right-to-left.
 */
export function keepsStringprepDirection(text: string): boolean {
  if (!hasRightToLeftLetter.test(text)) return true;
  return !hasLeftToRightCharacter.test(text) && startsRightToLeft.test(text) && lastIsRightToLeft.test(text);
}
