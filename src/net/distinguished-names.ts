// Distinguished names, in a form in which equal ones are equal texts (RFC 5280 §7.1).
import { contentsOf, type DerElement, derTag, expectTag, identifierAt, readChildren } from "./der.js";

/** Encodings of text that agree on ASCII; names in others are equal only when their octets are. */
const asciiCompatible: ReadonlySet<number> = new Set([derTag.utf8String, derTag.printableString, derTag.ia5String]);

/**
 * Name ::= SEQUENCE OF SET OF SEQUENCE { type, value }. Case of ASCII letters and runs of spaces don't count, as in
 * OpenSSL; RFC 5280 asks for full case folding, but to take for different what is equal only costs a path.
 */
export function canonicalName(der: Buffer, name: DerElement): string {
  return readChildren(der, name)
    .map((set) => canonicalSet(der, expectTag(set, derTag.set)))
    .join("/");
}

function canonicalSet(der: Buffer, set: DerElement): string {
  return readChildren(der, set)
    .map((pair) => canonicalPair(der, expectTag(pair, derTag.sequence)))
    .sort()
    .join("+");
}

function canonicalPair(der: Buffer, pair: DerElement): string {
  const [type, value] = readChildren(der, pair);
  const identifier = identifierAt(der, type);
  if (identifier === undefined || value === undefined) throw new RangeError("a distinguished name without a value");
  const octets = contentsOf(der, value);
  if (!asciiCompatible.has(value.tag)) return `${identifier}=${value.tag}:${octets.toString("hex")}`;
  const folded = octets.toString("latin1").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return `${identifier}=${Buffer.from(folded.replace(/^ +| +$/g, "").replace(/ +/g, " "), "latin1").toString("hex")}`;
}
