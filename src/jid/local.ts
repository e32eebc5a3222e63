// Localparts: RFC 7622 §3.3, the account or room before the "@".
import { asciiTable, Found, scan } from "./ascii.js";
import { requireHope, withinLimits } from "./length.js";
import { codePointName, JidMalformed, refusedAs } from "./malformed.js";
import { usernameCaseMapped } from "./precis.js";

// Space and controls are not in the IdentifierClass (RFC 8264 §4.2.3), the others are refused by RFC 7622 §3.3.1.
const forbidden = /[\0- \x7F"&'/:<>@]/;
const table = asciiTable(/^[^\0- \x7F"&'/:<>@]$/);

/**
 * Prepares a localpart: profile UsernameCaseMapped (RFC 8265 §3.3), none of `"&'/:<>@`, 1 to 1023 octets of UTF-8.
 * Idempotent.
 * @param text as typed or received
 * @returns the form in which equal localparts are equal strings
 * @throws JidMalformed if RFC 7622 §3.3 does not allow it
 */
export function prepareLocal(text: string): string {
  const found = scan(text, table);
  if (found === 0) return withinLimits("local", text);
  if ((found & Found.nonAscii) !== 0) return prepareUnicode(text);
  if ((found & Found.forbidden) !== 0) throw refusal(text);
  return withinLimits("local", text.toLowerCase());
}

function prepareUnicode(text: string): string {
  requireHope("local", text);
  const mapped = refusedAs("local", () => usernameCaseMapped(text));
  // After the mapping, for a fullwidth "＠" is an "@" by then.
  if (forbidden.test(mapped)) throw refusal(mapped);
  return withinLimits("local", mapped);
}

function refusal(text: string): JidMalformed {
  const character = forbidden.exec(text)?.[0] ?? "";
  return new JidMalformed("local", `contains ${codePointName(character)}, which is not allowed there`);
}
