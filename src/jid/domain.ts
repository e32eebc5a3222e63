// Domainparts: RFC 7622 §3.2, a domain name or an IP address.
import { isIPv6 } from "node:net";
import { asciiTable, scan } from "./ascii.js";
import { hasRightToLeft, keepsBidiRule } from "./bidi.js";
import { asciiLength, prepareLabel } from "./idna.js";
import { withinLimits } from "./length.js";
import { JidMalformed } from "./malformed.js";
import { mapWidth } from "./precis.js";

/** The longest domain name without its final dot, in octets of the form that DNS sees (RFC 1034 §3.1: 255 on the wire). */
const MAXIMUM_NAME = 253;
/** The longest text that can become such a name, in UTF-16 code units: NFC makes one character of four at the most. */
const MAXIMUM_UNPREPARED = 4 * MAXIMUM_NAME;
/** The most labels that such a name can have: one octet each and a dot between. */
const MAXIMUM_LABELS = (MAXIMUM_NAME + 1) / 2;

const plain = asciiTable(/^[-.0-9a-z]$/);
const needsCare = /^[-.]|[-.]$|\.[-.]|-\.|(?:^|\.)..--|[^.]{64}/;

/**
 * Prepares a domainpart: an IPv6 address in brackets, an IPv4 address, or a name of NR-LDH labels and U-labels. A final
 * dot is dropped, A-labels become U-labels, letters become small. Idempotent.
 * IPv6 zones ("%eth0") are refused: they mean something on one machine only.
 * @param text as typed or received
 * @returns the form in which equal domains are equal strings
 * @throws JidMalformed if RFC 7622 §3.2 does not allow it
 */
export function prepareDomain(text: string): string {
  if (text.length <= MAXIMUM_NAME && scan(text, plain) === 0 && text !== "" && !needsCare.test(text)) return text;
  if (text.startsWith("[")) return prepareAddress(text);
  return withinLimits("domain", prepareName(text));
}

function prepareAddress(text: string): string {
  const address = text.slice(1, -1);
  if (!text.endsWith("]") || address.includes("%") || !isIPv6(address)) {
    throw new JidMalformed("domain", "has brackets but is no IPv6 address");
  }
  return text.toLowerCase();
}

function prepareName(text: string): string {
  if (text.length > MAXIMUM_UNPREPARED) throw tooLong();
  // RFC 5895 §2: width first, then the ideographic full stop is a dot as well.
  const dotted = mapWidth(text).replaceAll("\u3002", ".");
  const name = dotted.endsWith(".") ? dotted.slice(0, -1) : dotted; // RFC 7622 §3.2
  if (name === "") throw new JidMalformed("domain", "is empty");
  const parts = name.split(".");
  if (parts.length > MAXIMUM_LABELS) throw tooLong();
  const labels = parts.map(prepareLabel);
  requireDirection(labels);
  requireLength(labels);
  return labels.join(".");
}

// RFC 5893 §2: with one right-to-left label, all labels of the name have to keep the rule.
function requireDirection(labels: readonly string[]): void {
  if (labels.some(hasRightToLeft) && !labels.every(keepsBidiRule)) {
    throw new JidMalformed("domain", "breaks the rule on writing direction");
  }
}

function requireLength(labels: readonly string[]): void {
  const octets = labels.reduce((sum, label) => sum + 1 + asciiLength(label), -1);
  if (octets > MAXIMUM_NAME) throw tooLong();
}

function tooLong(): JidMalformed {
  return new JidMalformed("domain", `is longer than ${MAXIMUM_NAME} octets`);
}
