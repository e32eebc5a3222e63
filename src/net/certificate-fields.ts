// The fields of a certificate (RFC 5280 §4.1) that decide whether it is believed, read from DER.
import type { X509Certificate } from "node:crypto";
import { type AlternativeNames, noAlternativeNames, readAlternativeNames } from "./alternative-names.js";
import { type CertificateExtensions, readExtensions } from "./certificate-extensions.js";
import { contentsOf, type DerElement, derTag, expectTag, identifierAt, readChildren, readWhole } from "./der.js";
import { canonicalName } from "./distinguished-names.js";

export interface CertificateFields {
  readonly certificate: X509Certificate;
  /** In a form in which equal names are equal texts. */
  readonly subject: string;
  readonly issuer: string;
  readonly isSubjectEmpty: boolean;
  /** Milliseconds; both moments are included (RFC 5280 §4.1.2.5). */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Object identifier of the signature's algorithm (hexadecimal), and the DER of its parameters. */
  readonly signatureAlgorithm: string;
  readonly signatureParameters: Buffer;
  /** True when an elliptic curve is named, or the key is of another kind; false when the curve is spelt out. */
  readonly isCurveNamed: boolean;
  readonly names: AlternativeNames;
  readonly extensions: CertificateExtensions;
}

const idEcPublicKey = "2a8648ce3d0201";
const version = 0xa0;
const version3 = Buffer.from([derTag.integer, 1, 2]);

/** Throws RangeError when the certificate is malformed. */
export function readCertificate(certificate: X509Certificate): CertificateFields {
  return { certificate, ...readFields(certificate.raw) };
}

/** What a certificate (DER) says of names; nothing when it is malformed. */
export function alternativeNamesIn(der: Buffer): AlternativeNames {
  try {
    return readFields(der).names;
  } catch (error) {
    if (error instanceof RangeError) return noAlternativeNames;
    throw error;
  }
}

function readFields(der: Buffer): Omit<CertificateFields, "certificate"> {
  const [body, algorithm] = readChildren(der, readWhole(der, derTag.sequence));
  const fields = readChildren(der, expectTag(body, derTag.sequence));
  const isVersion3 = fields[0]?.tag === version && contentsOf(der, fields[0]).equals(version3);
  if (fields[0]?.tag === version) fields.shift();
  const [, , issuer, validity, subject, key] = fields.map((field, index) =>
    expectTag(field, index === 0 ? derTag.integer : index < 6 ? derTag.sequence : field.tag),
  );
  const [notBefore, notAfter] = readChildren(der, expectTag(validity, derTag.sequence)).map((e) => timeAt(der, e));
  if (notBefore === undefined || notAfter === undefined) throw new RangeError("no validity");
  const wrapped = fields.find(({ tag }) => tag === 0xa3);
  if (wrapped !== undefined && !isVersion3) throw new RangeError("extensions before version 3");
  const extensions = readExtensions(der, wrapped);
  return {
    subject: canonicalName(der, expectTag(subject, derTag.sequence)),
    issuer: canonicalName(der, expectTag(issuer, derTag.sequence)),
    isSubjectEmpty: subject?.start === subject?.end,
    notBefore,
    notAfter,
    ...signatureOf(der, algorithm),
    isCurveNamed: isCurveNamed(der, expectTag(key, derTag.sequence)),
    names:
      extensions.alternativeNames === undefined
        ? noAlternativeNames
        : readAlternativeNames(extensions.alternativeNames),
    extensions,
  };
}

/** Undefined when the certificate is malformed. */
export function readOrUndefined(certificate: X509Certificate): CertificateFields | undefined {
  try {
    return readCertificate(certificate);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function signatureOf(der: Buffer, element: DerElement | undefined) {
  const [identifier, parameters] = readChildren(der, expectTag(element, derTag.sequence));
  const rest = parameters === undefined ? Buffer.alloc(0) : contentsOf(der, parameters);
  return { signatureAlgorithm: identifierAt(der, identifier) ?? "", signatureParameters: rest };
}

/** RFC 5480 §2.1.1: parameters spelt out are forbidden; they let a forger choose his own generator (CVE-2020-0601). */
function isCurveNamed(der: Buffer, key: DerElement): boolean {
  const [algorithm] = readChildren(der, key);
  const [identifier, parameters] = readChildren(der, expectTag(algorithm, derTag.sequence));
  return identifierAt(der, identifier) !== idEcPublicKey || parameters?.tag === derTag.objectIdentifier;
}

/** RFC 5280 §4.1.2.5: UTCTime for the years 1950 to 2049, GeneralizedTime for others; always with seconds, in Zulu. */
function timeAt(der: Buffer, element: DerElement): number {
  const text = contentsOf(der, element).toString("latin1");
  const pattern = element.tag === derTag.utcTime ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : generalized;
  const parts = pattern.exec(text)?.slice(1).map(Number);
  if (parts === undefined || (element.tag !== derTag.utcTime && element.tag !== derTag.generalizedTime)) {
    throw new RangeError("no time of the form that RFC 5280 asks for");
  }
  const [year = 0, month = 0, ...rest] = parts;
  const century = element.tag === derTag.utcTime ? (year < 50 ? 2000 : 1900) : 0;
  const [day = 0, hour = 0, minute = 0, second = 0] = rest;
  return Date.UTC(century + year, month - 1, day, hour, minute, second);
}

const generalized = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
