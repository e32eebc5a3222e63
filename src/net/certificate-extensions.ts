// Extensions of certificates (RFC 5280 §4.2), read from DER. What is malformed throws RangeError.
import { booleanAt, contentsOf, type DerElement, derTag, expectTag } from "./der.js";
import { identifierAt, readChildren, readElement, readWhole, smallIntegerAt } from "./der.js";
import { type NameConstraints, readNameConstraints } from "./name-constraints.js";

/** Undefined where the certificate has no such extension. */
export interface CertificateExtensions {
  readonly isAuthority: boolean;
  /** How many authorities may stand between this one and the last certificate. */
  readonly pathLength: number | undefined;
  readonly keyUsage: KeyUsage | undefined;
  /** Object identifiers, in hexadecimal. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly nameConstraints: NameConstraints | undefined;
  /** The value of subjectAltName. */
  readonly alternativeNames: Buffer | undefined;
  /** Critical extensions that we don't understand (RFC 5280 §4.2: such a certificate is to be refused). */
  readonly unknownCritical: readonly string[];
}

export interface KeyUsage {
  readonly maySign: boolean;
  readonly maySignCertificates: boolean;
}

interface Extension {
  readonly identifier: string;
  readonly isCritical: boolean;
  readonly value: Buffer;
}

const id = {
  keyUsage: "551d0f",
  alternativeNames: "551d11",
  basicConstraints: "551d13",
  nameConstraints: "551d1e",
  extendedKeyUsage: "551d25",
} as const;

/**
 * These may be critical, too. The policies have no consequence as long as nobody requires an explicit one (RFC 5280
 * §6.1.2 (d)); policyConstraints, which does, is not among them.
 */
const understood: ReadonlySet<string> = new Set([
  ...Object.values(id),
  "551d0e", // subjectKeyIdentifier, authorityKeyIdentifier: hints for finding a path, which we find by names
  "551d23",
  "551d20", // certificatePolicies, policyMappings, inhibitAnyPolicy
  "551d21",
  "551d36",
]);

/** `wrapped`: the field [3] of a certificate, when it has one. */
export function readExtensions(der: Buffer, wrapped: DerElement | undefined): CertificateExtensions {
  const list = wrapped === undefined ? [] : readList(der, wrapped);
  const find = (identifier: string) => list.find((extension) => extension.identifier === identifier);
  const constraints = find(id.nameConstraints);
  return {
    ...basicConstraints(find(id.basicConstraints)?.value),
    keyUsage: keyUsage(find(id.keyUsage)?.value),
    extendedKeyUsage: extendedKeyUsage(find(id.extendedKeyUsage)?.value),
    nameConstraints: constraints && readNameConstraints(constraints.value, constraints.isCritical),
    alternativeNames: find(id.alternativeNames)?.value,
    unknownCritical: list
      .filter(({ identifier, isCritical }) => isCritical && !understood.has(identifier))
      .map(({ identifier }) => identifier),
  };
}

function readList(der: Buffer, wrapped: DerElement): Extension[] {
  const inside = expectTag(readElement(der, wrapped.start, wrapped.end), derTag.sequence);
  const list = readChildren(der, inside).map((element) => readExtension(der, expectTag(element, derTag.sequence)));
  // RFC 5280 §4.2: no extension twice; which of the two would count?
  if (new Set(list.map(({ identifier }) => identifier)).size < list.length) throw new RangeError("an extension twice");
  return list;
}

/** Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING } */
function readExtension(der: Buffer, element: DerElement): Extension {
  const parts = readChildren(der, element);
  const identifier = identifierAt(der, parts[0]);
  const flag = parts.length === 3 ? parts[1] : undefined;
  const value = contentsOf(der, expectTag(parts[flag === undefined ? 1 : 2], derTag.octetString));
  if (identifier === undefined || parts.length > 3) throw new RangeError("no extension");
  return { identifier, isCritical: flag !== undefined && booleanAt(der, expectTag(flag, derTag.boolean)), value };
}

/** SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL } (§4.2.1.9) */
function basicConstraints(value: Buffer | undefined): { isAuthority: boolean; pathLength: number | undefined } {
  const parts = value === undefined ? [] : readChildren(value, readWhole(value, derTag.sequence));
  const flag = parts[0]?.tag === derTag.boolean ? parts.shift() : undefined;
  const isAuthority = value !== undefined && flag !== undefined && booleanAt(value, flag);
  const [length, ...rest] = parts;
  if (rest.length > 0 || (length !== undefined && !isAuthority)) throw new RangeError("malformed basicConstraints");
  return { isAuthority, pathLength: value && length && smallIntegerAt(value, length) };
}

/** BIT STRING { digitalSignature (0) … keyCertSign (5) … } (§4.2.1.3) */
function keyUsage(value: Buffer | undefined): KeyUsage | undefined {
  if (value === undefined) return undefined;
  const bits = contentsOf(value, readWhole(value, derTag.bitString));
  const [unused = 8, first = 0] = bits;
  if (unused > 7) throw new RangeError("malformed keyUsage");
  return { maySign: (first & 0x80) !== 0, maySignCertificates: (first & 0x04) !== 0 };
}

/** SEQUENCE SIZE (1..MAX) OF OBJECT IDENTIFIER (§4.2.1.12) */
function extendedKeyUsage(value: Buffer | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const purposes = readChildren(value, readWhole(value, derTag.sequence)).map((purpose) => {
    return contentsOf(value, expectTag(purpose, derTag.objectIdentifier)).toString("hex");
  });
  if (purposes.length === 0) throw new RangeError("empty extendedKeyUsage");
  return purposes;
}
