// Resourceparts: RFC 7622 §3.4, the device or the nickname behind the "/".
import { isPrintable } from "./ascii.js";
import { requireHope, withinLimits } from "./length.js";
import { refusedAs } from "./malformed.js";
import { opaque } from "./precis.js";

/**
 * Prepares a resourcepart: profile OpaqueString (RFC 8265 §4.2), 1 to 1023 octets of UTF-8. Idempotent; keeps case.
 * A leading or trailing space is allowed (RFC 7622 erratum 4560).
 * @param text as typed or received
 * @returns the form in which equal resourceparts are equal strings
 * @throws JidMalformed if RFC 7622 §3.4 does not allow it
 */
export function prepareResource(text: string): string {
  if (isPrintable(text)) return withinLimits("resource", text);
  requireHope("resource", text);
  return withinLimits(
    "resource",
    refusedAs("resource", () => opaque(text)),
  );
}
