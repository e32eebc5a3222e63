// Resourceparts: RFC 7622 §3.4, the device or the nickname behind the "/".
import { asciiTable, Found, scan } from "./ascii.js";
import { withinLimits } from "./length.js";
import { refusedAs } from "./malformed.js";
import { opaque } from "./precis.js";

const table = asciiTable(/^[ -~]$/);

/**
 * Prepares a resourcepart: profile OpaqueString (RFC 8265 §4.2), 1 to 1023 octets of UTF-8. Idempotent; keeps case.
 * A leading or trailing space is allowed (RFC 7622 erratum 4560).
 * @param text as typed or received
 * @returns the form in which equal resourceparts are equal strings
 * @throws JidMalformed if RFC 7622 §3.4 does not allow it
 */
export function prepareResource(text: string): string {
  const isPlain = (scan(text, table) & (Found.nonAscii | Found.forbidden)) === 0;
  return withinLimits("resource", isPlain ? text : refusedAs("resource", () => opaque(text)));
}
