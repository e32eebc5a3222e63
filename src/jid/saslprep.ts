// SASLprep (RFC 4013), the stringprep profile that SCRAM names for user names and passwords (RFC 5802 §2.2).
import { isPrintable } from "./ascii.js";
import { keepsStringprepDirection } from "./bidi.js";
import { codePointName, TextRefused } from "./malformed.js";
import { unassignedInUnicode32 } from "./unassigned.js";

const mappedToNothing = /[\u00AD\u034F\u1806\u180B-\u180D\u200B-\u200D\u2060\uFE00-\uFE0F\uFEFF]/gu; // RFC 3454 table B.1
const mappedToSpace = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/gu; // table C.1.2; U+200B is in B.1 already

// RFC 4013 §2.3, RFC 3454 tables C.2 to C.9
const prohibited = new RegExp(
  "[\\p{Cc}\\u06DD\\u070F\\u180E\\u2028\\u2029\\u2061-\\u2063\\u206A-\\u206F\\uFFF9-\\uFFFD\\u{1D173}-\\u{1D17A}" +
    "\\p{Co}\\p{Cs}\\p{Noncharacter_Code_Point}\\u2FF0-\\u2FFB\\u0340\\u0341\\u200E\\u200F\\u202A-\\u202E" +
    "\\u{E0001}\\u{E0020}-\\u{E007F}]",
  "u",
);
// RFC 5802 §2.2: prepared as a "stored string", so what Unicode 3.2 did not know is prohibited (RFC 3454 §7).
const unassigned = new RegExp(`[${unassignedInUnicode32()}]`, "u");

/**
 * Prepares a user name or a password for SCRAM by SASLprep (RFC 4013), as a stored string (RFC 3454 §7).
 * See `opaqueString` for where the two differ; an account's password passes both when it is set, and SCRAM keys are
 * made from what this function returns, because that is what SCRAM clients use.
 * @returns the prepared text; it may be empty, which RFC 5802 §5.1 tells a server to refuse
 * @throws TextRefused for prohibited or, in Unicode 3.2, unassigned characters, and for mixed writing directions
 */
export function saslprep(text: string): string {
  if (isPrintable(text)) return text;
  const mapped = text.replace(mappedToNothing, "").replace(mappedToSpace, " ");
  requireAssigned(mapped);
  const normalized = mapped.normalize("NFKC");
  const refused = prohibited.exec(normalized);
  if (refused) throw new TextRefused(`contains ${codePointName(refused[0])}, which SASLprep prohibits`);
  if (!keepsStringprepDirection(normalized)) throw new TextRefused("mixes writing directions");
  return normalized;
}

// Before normalization, too: newer versions of Unicode decompose characters that Unicode 3.2 did not have.
function requireAssigned(text: string): void {
  const unknown = unassigned.exec(text);
  if (unknown) throw new TextRefused(`contains ${codePointName(unknown[0])}, which SASLprep does not know`);
}
