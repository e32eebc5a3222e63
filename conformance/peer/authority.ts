// A certificate authority of the suite's own, which the servers under test trust, and the certificates of its peers.
import { generateKeyPairSync } from "node:crypto";
import forge from "node-forge";
import type { TlsIdentity } from "../client/transport.js";

const { asn1, pki } = forge;
const { Class, Type } = asn1;
const day = 86_400_000;

/** What a peer shows. Everything but `good`, `server-auth-only`, `wildcard` and `service-name` is not to be accepted for its domain. */
export const certificateKinds = [
  "good",
  "none",
  "wrong-name",
  "expired",
  "not-yet-valid",
  "self-signed",
  "untrusted",
  "server-auth-only",
  "wildcard",
  "service-name",
] as const;
export type CertificateKind = (typeof certificateKinds)[number];

/** One key serves all certificates of an authority: making keys is slow, and nobody compares them. */
export class Authority {
  private readonly keys = makeKeys();
  private readonly root: forge.pki.Certificate;
  private readonly name: forge.pki.CertificateField[];
  private serial = 1;

  constructor(commonName = "Conformance authority") {
    this.name = [{ name: "commonName", value: commonName }];
    this.root = this.blank();
    this.root.setSubject(this.name);
    this.root.setIssuer(this.name);
    this.root.setExtensions([
      { name: "basicConstraints", critical: true, cA: true },
      { name: "keyUsage", critical: true, keyCertSign: true, cRLSign: true },
      { name: "subjectKeyIdentifier" },
    ]);
    this.sign(this.root);
  }

  /** What is to be trusted, PEM. */
  get certificate(): string {
    return pki.certificateToPem(this.root);
  }

  /** A good certificate for these domains. */
  certify(domains: readonly string[]): TlsIdentity {
    const certificate = this.blank();
    certificate.setSubject([{ name: "commonName", value: domains[0] ?? "" }]);
    certificate.setIssuer(this.name);
    certificate.setExtensions([
      { name: "basicConstraints", cA: false },
      { name: "extKeyUsage", serverAuth: true, clientAuth: true },
      { name: "subjectAltName", altNames: domains.map((value) => ({ type: 2, value })) },
    ]);
    return this.sign(certificate);
  }

  /** A certificate for the domain, with the flaw that its kind names. Undefined for `none`. */
  issue(domain: string, kind: CertificateKind): TlsIdentity | undefined {
    if (kind === "none") return undefined;
    if (kind === "untrusted") return new Authority("Nobody's authority").certify([domain]);
    const certificate = this.blank();
    const subject = [{ name: "commonName", value: "A server of the stage" }];
    certificate.setSubject(subject);
    certificate.setIssuer(kind === "self-signed" ? subject : this.name);
    const [from, until] = validityOf(kind);
    certificate.validity.notBefore = new Date(Date.now() + from);
    certificate.validity.notAfter = new Date(Date.now() + until);
    certificate.setExtensions([
      { name: "basicConstraints", cA: false },
      { name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true },
      { name: "extKeyUsage", serverAuth: true, clientAuth: kind !== "server-auth-only" },
      { id: "2.5.29.17", critical: false, value: namesOf(domain, kind) },
    ]);
    return this.sign(certificate);
  }

  private blank(): forge.pki.Certificate {
    const certificate = pki.createCertificate();
    certificate.publicKey = this.keys.publicKey;
    certificate.serialNumber = `01${(this.serial++).toString(16).padStart(6, "0")}`;
    certificate.validity.notBefore = new Date(Date.now() - day);
    certificate.validity.notAfter = new Date(Date.now() + 365 * day);
    return certificate;
  }

  private sign(certificate: forge.pki.Certificate): TlsIdentity {
    certificate.sign(this.keys.privateKey, forge.md.sha256.create());
    return { certificate: pki.certificateToPem(certificate), key: this.keys.pem };
  }
}

function makeKeys(): { publicKey: forge.pki.rsa.PublicKey; privateKey: forge.pki.rsa.PrivateKey; pem: string } {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return { publicKey: pki.publicKeyFromPem(publicKey), privateKey: pki.privateKeyFromPem(privateKey), pem: privateKey };
}

/** Begin and end, in milliseconds from now. */
function validityOf(kind: CertificateKind): readonly [from: number, until: number] {
  if (kind === "expired") return [-10 * day, -day];
  return kind === "not-yet-valid" ? [day, 10 * day] : [-day, 10 * day];
}

/** The subjectAltName: RFC 6120 §13.7.1.2, XEP-0178 §3. */
function namesOf(domain: string, kind: CertificateKind): string {
  const others: Partial<Record<CertificateKind, string>> = {
    "wrong-name": `not-${domain}`,
    wildcard: domain.replace(/^[^.]*/, "*"),
  };
  const name = others[kind] ?? domain;
  const one =
    kind === "service-name"
      ? otherName("1.3.6.1.5.5.7.8.7", Type.IA5STRING, `_xmpp-server.${name}`)
      : asn1.create(Class.CONTEXT_SPECIFIC, 2, false, name);
  return asn1.toDer(asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, [one])).getBytes();
}

function otherName(type: string, kind: forge.asn1.Type, text: string): forge.asn1.Asn1 {
  const oid = asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(type).getBytes());
  const value = asn1.create(Class.UNIVERSAL, kind, false, text);
  return asn1.create(Class.CONTEXT_SPECIFIC, 0, true, [oid, asn1.create(Class.CONTEXT_SPECIFIC, 0, true, [value])]);
}
