// The certificate of the first run: signed by itself, so that nobody has to buy one to try the server.
import { createHash, generateKeyPair, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { promisify } from "node:util";
import forge from "node-forge";

export interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** Apple's systems refuse server certificates that are valid for longer than 825 days, even trusted ones. */
export const selfSignedDays = 800;

const ecdsaWithSha256 = "1.2.840.10045.4.3.2";
const dayLength = 86_400_000;

/**
 * Makes a P-256 key and a certificate (PEM) for `names`, their subdomains and localhost, valid from `now` (ms).
 * P-256, because a handshake then costs a fraction of what it costs with RSA 2048.
 */
export async function selfSigned(names: readonly string[], now: number = Date.now()): Promise<KeyAndCertificate> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "der" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const body = unsigned(names, now, publicKey);
  const signature = sign("sha256", Buffer.from(forge.asn1.toDer(body).getBytes(), "latin1"), privateKey);
  return { key: privateKey, certificate: assemble(body, signature) };
}

/** What the certificate says. Forge writes all but the key and the algorithm, where it knows RSA only. */
function unsigned(names: readonly string[], now: number, publicKey: Buffer): forge.asn1.Asn1 {
  const certificate = forge.pki.createCertificate();
  certificate.serialNumber = `01${randomBytes(15).toString("hex")}`;
  certificate.validity.notBefore = new Date(now - dayLength); // clocks of clients may be behind
  certificate.validity.notAfter = new Date(now + selfSignedDays * dayLength);
  certificate.setSubject([{ name: "commonName", value: (names[0] ?? "localhost").slice(0, 64) }]);
  certificate.setIssuer(certificate.subject.attributes);
  certificate.setExtensions([...extensionsFor(names), ...identifiersOf(publicKey)]);
  certificate.siginfo.algorithmOid = ecdsaWithSha256;
  certificate.signatureOid = ecdsaWithSha256;
  certificate.publicKey = forge.pki.setRsaPublicKey(new forge.jsbn.BigInteger("3"), new forge.jsbn.BigInteger("3"));
  const body = childOf(forge.pki.certificateToAsn1(certificate), 0);
  replaceChild(body, 2, algorithm());
  replaceChild(body, 6, forge.asn1.fromDer(publicKey.toString("latin1")));
  return body;
}

function extensionsFor(names: readonly string[]): object[] {
  const hosts = [...new Set([...names, "localhost"])];
  return [
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, critical: true },
    { name: "extKeyUsage", serverAuth: true, clientAuth: true },
    { name: "subjectAltName", altNames: hosts.flatMap(alternativeNames) },
  ];
}

/**
 * Which key this one's is, and which key has signed it (RFC 5280 §4.2.1.1, §4.2.1.2; RFC 7093): without them, OpenSSL
 * takes an earlier certificate of the same name that a client still trusts for the one that signed this one, and refuses it.
 */
function identifiersOf(publicKey: Buffer): object[] {
  const { asn1 } = forge;
  const identifier = createHash("sha256").update(publicKey).digest().subarray(0, 20).toString("latin1");
  const octets = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OCTETSTRING, false, identifier);
  return [
    { id: "2.5.29.14", value: octets },
    { name: "authorityKeyIdentifier", keyIdentifier: identifier },
  ];
}

function alternativeNames(host: string): object[] {
  if (isIP(host) !== 0) return [{ type: 7, ip: host }];
  const ascii = domainToASCII(host);
  return [ascii, `*.${ascii}`].map((value) => ({ type: 2, value }));
}

/** Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue } (RFC 5280 §4.1) */
function assemble(body: forge.asn1.Asn1, signature: Buffer): string {
  const { asn1 } = forge;
  const bits = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.BITSTRING, false, `\0${signature.toString("latin1")}`);
  const whole = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, [body, algorithm(), bits]);
  return forge.pem.encode({ type: "CERTIFICATE", body: asn1.toDer(whole).getBytes() }).replaceAll("\r", "");
}

function algorithm(): forge.asn1.Asn1 {
  const { asn1 } = forge;
  const identifier = asn1.oidToDer(ecdsaWithSha256).getBytes();
  const name = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OID, false, identifier);
  return asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, [name]);
}

function childOf(parent: forge.asn1.Asn1, index: number): forge.asn1.Asn1 {
  const child = typeof parent.value === "string" ? undefined : parent.value[index];
  if (child === undefined) throw new Error("node-forge made a certificate of an unexpected form");
  return child;
}

function replaceChild(parent: forge.asn1.Asn1, index: number, child: forge.asn1.Asn1): void {
  if (typeof parent.value !== "string") parent.value[index] = child;
}
