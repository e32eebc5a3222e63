// Certificates such as clients show them: with JIDs in the subjectAltName (RFC 6120 §13.7.1.4).
import { generateKeyPairSync } from "node:crypto";
import forge from "node-forge";

const { asn1, pki } = forge;
const { Class, Type } = asn1;

/** A self-signed certificate, DER-encoded: JIDs as id-on-xmppAddr, and beside them a DNS name and a foreign otherName. */
export function clientCertificate(jids: readonly string[]): Buffer {
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 1024,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(keys.publicKey);
  certificate.serialNumber = "01";
  certificate.validity.notAfter = new Date(certificate.validity.notBefore.getTime() + 3_600_000);
  certificate.setSubject([{ name: "commonName", value: "nurse@verona.lit" }]);
  certificate.setIssuer([{ name: "commonName", value: "Friar Laurence" }]);
  const names = [
    dnsName("verona.lit"),
    otherName("1.3.6.1.5.5.7.8.7", "_xmpp-client.verona.lit"),
    ...jids.map(xmppAddr),
  ];
  const value = asn1.toDer(asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, names)).getBytes();
  certificate.setExtensions([
    { name: "basicConstraints", cA: false },
    { id: "2.5.29.17", critical: true, value },
  ]);
  certificate.sign(pki.privateKeyFromPem(keys.privateKey), forge.md.sha256.create());
  return Buffer.from(asn1.toDer(pki.certificateToAsn1(certificate)).getBytes(), "latin1");
}

function xmppAddr(jid: string): forge.asn1.Asn1 {
  return otherName("1.3.6.1.5.5.7.8.5", jid);
}

function otherName(type: string, text: string): forge.asn1.Asn1 {
  const oid = asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(type).getBytes());
  const value = asn1.create(Class.UNIVERSAL, Type.UTF8, false, Buffer.from(text).toString("latin1"));
  return asn1.create(Class.CONTEXT_SPECIFIC, 0, true, [oid, asn1.create(Class.CONTEXT_SPECIFIC, 0, true, [value])]);
}

function dnsName(name: string): forge.asn1.Asn1 {
  return asn1.create(Class.CONTEXT_SPECIFIC, 2, false, name);
}
