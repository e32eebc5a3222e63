// IDNA2008: labels of internationalised domain names (RFC 5890, 5891, 5892), mapped as RFC 5895 advises.
import punycode from "punycode/punycode.js";
import { disallowedInLabel } from "./code-points.js";
import { misplaced } from "./context.js";
import { codePointName, JidMalformed } from "./malformed.js";

/** The longest label in the form that DNS sees, in octets (RFC 1034 §3.1). */
const MAXIMUM_LABEL = 63;
const PREFIX = "xn--";

/**
 * Prepares one label: an NR-LDH label or a U-label; an A-label comes back as its U-label (RFC 7622 §3.2.1). Idempotent.
 * @param text one label, after width mapping, in any case and normalization form
 * @throws JidMalformed if the label is empty, too long, or not one of these
 */
export function prepareLabel(text: string): string {
  const label = lowercase(text).normalize("NFC");
  if (label.startsWith(PREFIX)) return fromALabel(label);
  requireLabel(label);
  if (asciiLength(label) > MAXIMUM_LABEL) throw tooLong();
  return label;
}

/** How many octets the prepared label has in the form that DNS sees (for a U-label: its A-label). */
export function asciiLength(label: string): number {
  if (!/[^\0-\x7F]/.test(label)) return label.length;
  // Every code point takes an octet at the least, so longer ones need no encoding (it takes quadratic time).
  return label.length > 2 * MAXIMUM_LABEL ? label.length : PREFIX.length + punycode.encode(label).length;
}

// RFC 5891 §4.2: the tests that a label must pass before it may be called a U-label or NR-LDH label.
function requireLabel(label: string): void {
  if (label === "") throw new JidMalformed("domain", "has an empty label");
  if (label.startsWith("-") || label.endsWith("-"))
    throw new JidMalformed("domain", "has a label with a hyphen at its edge");
  if (label.startsWith("--", 2))
    throw new JidMalformed("domain", "has a label with hyphens at its third and fourth place");
  const disallowed = disallowedInLabel.exec(label)?.[0] ?? misplaced(label);
  if (disallowed !== undefined) {
    throw new JidMalformed("domain", `contains ${codePointName(disallowed)}, which is not allowed there`);
  }
  if (/^\p{M}/u.test(label)) throw new JidMalformed("domain", "has a label that starts with a combining mark");
}

// RFC 5891 §5.4: an A-label must be just what its U-label encodes to.
function fromALabel(label: string): string {
  if (label.length > MAXIMUM_LABEL) throw tooLong();
  const decoded = decode(label.slice(PREFIX.length));
  const isGenuine = /[^\0-\x7F]/.test(decoded) && PREFIX + punycode.encode(decoded) === label;
  if (!isGenuine || decoded.normalize("NFC") !== decoded) throw notALabel();
  requireLabel(decoded);
  return decoded;
}

function decode(encoded: string): string {
  try {
    return punycode.decode(encoded);
  } catch (error) {
    if (error instanceof RangeError) throw notALabel();
    throw error;
  }
}

// RFC 5895 §2 step 1. The capitals of Cherokee stay: they, not the small letters, are what RFC 5892 calls stable.
function lowercase(text: string): string {
  if (!/[\u13A0-\u13F5]/u.test(text)) return text.toLowerCase();
  return text.replace(/[^\u13A0-\u13F5]+/gu, (other) => other.toLowerCase());
}

function tooLong(): JidMalformed {
  return new JidMalformed("domain", `has a label longer than ${MAXIMUM_LABEL} octets`);
}

function notALabel(): JidMalformed {
  return new JidMalformed("domain", 'has a label that starts with "xn--" but is no A-label');
}
