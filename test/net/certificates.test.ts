// Certificates: made on the first run, read, chosen, reloaded, and their channel binding hash.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { certificateFacts } from "../../src/net/certificate-facts.js";
import { CertificateError, CertificateStore } from "../../src/net/certificates.js";
import { selfSigned, selfSignedDays } from "../../src/net/self-signed.js";
import { serverEndPoint, signatureHash } from "../../src/net/server-end-point.js";
import { sourceOf, temporaryDirectory, writeCertificate } from "./support/certificates.js";

const day = 86_400_000;

test("a self-signed certificate names its hosts, what is under them, and localhost", async () => {
  const { certificate } = await selfSigned(["verona.example", "münchen.example", "192.0.2.1"]);
  const facts = certificateFacts(certificate);
  assert.deepEqual(facts.names, [
    "verona.example",
    "*.verona.example",
    "xn--mnchen-3ya.example",
    "*.xn--mnchen-3ya.example",
    "192.0.2.1",
    "localhost",
    "*.localhost",
  ]);
  assert.equal(facts.isSelfSigned, true);
  assert.equal(facts.issuer, "CN=verona.example");
  assert.equal(new X509Certificate(certificate).publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
});

test("days left count down to the expiry and below", async () => {
  const made = Date.parse("2024-05-01T12:00:00Z");
  const { certificate } = await selfSigned(["verona.example"], made);
  assert.equal(certificateFacts(certificate, made).daysLeft, selfSignedDays);
  assert.equal(certificateFacts(certificate, made + (selfSignedDays - 2.5) * day).daysLeft, 2);
  assert.equal(certificateFacts(certificate, made + (selfSignedDays + 1.5) * day).daysLeft, -2);
  assert.equal(certificateFacts(certificate, made).validFrom.toISOString(), "2024-04-30T12:00:00.000Z");
});

test("a host's own certificate goes before one that merely bears its name", async (t) => {
  const directory = await temporaryDirectory(t);
  await writeCertificate(directory, ["verona.example"], "wide");
  await writeCertificate(directory, ["other.example"], "given");
  const store = await CertificateStore.open([
    sourceOf(directory, "wide"),
    sourceOf(directory, "given", "Rooms.Verona.example"),
  ]);
  const namesFor = (host: string): string => new X509Certificate(store.certificateFor(host) ?? "").subject;
  assert.equal(namesFor("rooms.verona.example"), "CN=other.example");
  assert.equal(namesFor("files.verona.example."), "CN=verona.example");
  await writeCertificate(directory, ["other.example"], "foreign");
  await store.reload([sourceOf(directory, "wide"), sourceOf(directory, "foreign", "münchen.example")]);
  assert.equal(namesFor("xn--mnchen-3ya.example"), "CN=other.example", "SNI names are ASCII");
  assert.equal(store.covers("München.example"), true);
  assert.equal(store.covers("padua.example"), false);
  assert.equal(store.contextFor("padua.example"), undefined);
});

test("a service is shown the certificate of its host, unless another one bears its name", async (t) => {
  const directory = await temporaryDirectory(t);
  await writeCertificate(directory, ["mantua.example"]);
  await writeCertificate(directory, ["verona.example"]);
  await writeCertificate(directory, ["globe.example"]);
  const services = ["rooms.verona-services.example", "globe.example", "files.mantua.example"];
  const store = await CertificateStore.open([
    sourceOf(directory, "mantua.example", "mantua.example"),
    { ...sourceOf(directory, "verona.example", "verona.example"), services },
    sourceOf(directory, "globe.example", "venice.example"),
  ]);
  const shown = services.map((name) => new X509Certificate(store.certificateFor(name) ?? "").subject);
  assert.deepEqual(shown, ["CN=verona.example", "CN=globe.example", "CN=mantua.example"]);
});

test("a bad file is said in a sentence, and what was loaded stays", async (t) => {
  const directory = await temporaryDirectory(t);
  await writeCertificate(directory, ["verona.example"]);
  await writeCertificate(directory, ["mantua.example"]);
  const store = await CertificateStore.open([sourceOf(directory, "verona.example")]);
  const before = store.certificateFor("verona.example");
  const [verona, mantua] = ["verona.example", "mantua.example"].map((name) => join(directory, `${name}.key`));
  await rename(mantua ?? "", verona ?? "");
  await assert.rejects(store.reloadIfChanged(), /key in .*verona\.example\.key does not belong to .*example\.crt/);
  await writeFile(verona ?? "", "rubbish");
  await assert.rejects(store.reloadIfChanged(), /verona\.example\.key holds no private key in PEM/);
  await assert.rejects(store.reload([sourceOf(directory, "padua.example")]), (error: unknown) => {
    assert.ok(error instanceof CertificateError);
    assert.match(error.message, /padua\.example\.crt can't be read: ENOENT/);
    return true;
  });
  await assert.rejects(store.reload([]), /No certificate/);
  assert.equal(store.certificateFor("verona.example"), before);
});

// Certificate ::= SEQUENCE { SEQUENCE {}, SEQUENCE { OID, … }, BIT STRING }
function signedWith(identifier: string, parameters = ""): Buffer {
  const algorithm = sequence(element("06", identifier) + parameters);
  return Buffer.from(sequence(sequence("") + algorithm + "030100"), "hex");
}
const sequence = (contents: string): string => element("30", contents);
function element(tag: string, contents: string): string {
  return tag + (contents.length / 2).toString(16).padStart(2, "0") + contents;
}

test("the end point's hash is the signature's, MD5 and SHA-1 raised to SHA-256 (RFC 5929 §4.1)", () => {
  const rsa = "2a864886f70d0101";
  assert.equal(signatureHash(signedWith(`${rsa}04`)), "sha256", "md5WithRSAEncryption");
  assert.equal(signatureHash(signedWith(`${rsa}05`)), "sha256", "sha1WithRSAEncryption");
  assert.equal(signatureHash(signedWith(`${rsa}0b`)), "sha256");
  assert.equal(signatureHash(signedWith(`${rsa}0c`)), "sha384");
  assert.equal(signatureHash(signedWith(`${rsa}0d`)), "sha512");
  assert.equal(signatureHash(signedWith("2a8648ce3d040303")), "sha384", "ecdsa-with-SHA384");
  const hash = element("a0", sequence(element("06", "608648016503040203")));
  assert.equal(signatureHash(signedWith(`${rsa}0a`, sequence(hash))), "sha512", "RSASSA-PSS with SHA-512");
  assert.equal(signatureHash(signedWith(`${rsa}0a`, sequence(""))), "sha256", "RSASSA-PSS with its default, SHA-1");
  assert.equal(serverEndPoint(signedWith("2b6570")), undefined, "Ed25519 has no hash");
  assert.throws(() => signatureHash(Buffer.from("3082ffff", "hex")), RangeError);
});
