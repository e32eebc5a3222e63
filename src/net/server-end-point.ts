// The channel binding `tls-server-end-point` of a certificate (RFC 5929 §4).
import { createHash } from "node:crypto";
import { type DerElement, derTag, identifierAt, readChildren, readElement } from "./der.js";

// Signature algorithms by object identifier (RFC 3279, 4055, 5758). RFC 5929 §4.1: MD5 and SHA-1 count as SHA-256.
const hashOfSignature: Readonly<Record<string, string>> = {
  "2a864886f70d010104": "sha256", // md5WithRSAEncryption
  "2a864886f70d010105": "sha256", // sha1WithRSAEncryption
  "2a864886f70d01010b": "sha256",
  "2a864886f70d01010c": "sha384",
  "2a864886f70d01010d": "sha512",
  "2a864886f70d01010e": "sha224",
  "2a8648ce380403": "sha256", // id-dsa-with-sha1
  "2a8648ce3d0401": "sha256", // ecdsa-with-SHA1
  "2a8648ce3d040301": "sha224",
  "2a8648ce3d040302": "sha256",
  "2a8648ce3d040303": "sha384",
  "2a8648ce3d040304": "sha512",
};
const probabilisticSignature = "2a864886f70d01010a"; // id-RSASSA-PSS names its hash in its parameters
const hashes: Readonly<Record<string, string>> = {
  "608648016503040201": "sha256",
  "608648016503040202": "sha384",
  "608648016503040203": "sha512",
  "608648016503040204": "sha224",
};

/** The binding's data; undefined when the signature uses no single hash (Ed25519): RFC 5929 leaves that open. */
export function serverEndPoint(certificate: Buffer): Buffer | undefined {
  const hash = signatureHash(certificate);
  return hash === undefined ? undefined : createHash(hash).update(certificate).digest();
}

/** Name of the hash to use for this certificate (DER). Throws RangeError when it isn't one. */
export function signatureHash(certificate: Buffer): string | undefined {
  // Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue } (RFC 5280 §4.1)
  const [, algorithm] = readChildren(certificate, readElement(certificate, 0));
  if (algorithm === undefined) return undefined;
  const [identifier, parameters] = readChildren(certificate, algorithm);
  const name = identifierAt(certificate, identifier) ?? "";
  return name === probabilisticSignature ? probabilisticHash(certificate, parameters) : hashOfSignature[name];
}

/** RFC 4055 §3.1: [0] hashAlgorithm, SHA-1 when absent. */
function probabilisticHash(certificate: Buffer, parameters: DerElement | undefined): string | undefined {
  const fields = parameters === undefined ? [] : readChildren(certificate, parameters);
  const field = fields.find(({ tag }) => tag === derTag.firstContext);
  if (field === undefined) return "sha256";
  const [algorithm] = readChildren(certificate, field);
  const [identifier] = algorithm === undefined ? [] : readChildren(certificate, algorithm);
  const name = identifierAt(certificate, identifier) ?? "";
  return name === "2b0e03021a" ? "sha256" : hashes[name];
}
