// Which keys and signatures are strong enough to be believed (RFC 9325 §4.5). What is not listed is refused.
import type { KeyObject } from "node:crypto";
import type { CertificateFields } from "./certificate-fields.js";
import { signatureHash } from "./server-end-point.js";

/** RSA and ECDSA with SHA-256, SHA-384, SHA-512; Ed25519 and Ed448 (RFC 8410). */
const strongSignatures: ReadonlySet<string> = new Set([
  "2a864886f70d01010b",
  "2a864886f70d01010c",
  "2a864886f70d01010d",
  "2a8648ce3d040302",
  "2a8648ce3d040303",
  "2a8648ce3d040304",
  "2b6570",
  "2b6571",
]);
const probabilisticSignature = "2a864886f70d01010a";
const strongHashes: ReadonlySet<string> = new Set(["sha256", "sha384", "sha512"]);
const sha1 = Buffer.from("06052b0e03021a", "hex");

const strongCurves: ReadonlySet<string> = new Set([
  "prime256v1",
  "secp384r1",
  "secp521r1",
  "secp256k1",
  "brainpoolP256r1",
  "brainpoolP384r1",
  "brainpoolP512r1",
]);

/** Bits. Longer RSA keys are nobody's, and slow to compute with. */
const leastRsa = 2048;
const mostRsa = 8192;

/** RSASSA-PSS names its hashes in its parameters, and stands for SHA-1 where it names none (RFC 4055 §3.1). */
export function isSignatureStrong({
  signatureAlgorithm,
  signatureParameters,
  certificate,
}: CertificateFields): boolean {
  if (signatureAlgorithm !== probabilisticSignature) return strongSignatures.has(signatureAlgorithm);
  const hash = signatureParameters.length === 0 ? undefined : signatureHash(certificate.raw);
  const namesHash = signatureParameters[0] === 0xa0 && !signatureParameters.includes(sha1);
  return hash !== undefined && namesHash && strongHashes.has(hash);
}

export function isKeyStrong(fields: CertificateFields): boolean {
  const key = keyForChecking(fields);
  const { modulusLength = 0, namedCurve = "" } = key?.asymmetricKeyDetails ?? {};
  const type = key?.asymmetricKeyType ?? "none";
  if (type === "rsa" || type === "rsa-pss") return modulusLength >= leastRsa;
  if (type === "ec") return fields.isCurveNamed && strongCurves.has(namedCurve);
  return type === "ed25519" || type === "ed448";
}

/** Undefined when OpenSSL can't make a key of what the certificate holds, or it would cost too much to compute with. */
export function keyForChecking({ certificate }: CertificateFields): KeyObject | undefined {
  try {
    const key = certificate.publicKey;
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) > mostRsa ? undefined : key;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
