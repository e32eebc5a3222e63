// The certificates of the suite: good ones are good, and each other kind has the one flaw that it is called by.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import test from "node:test";
import { Authority, certificateKinds, type CertificateKind } from "../../conformance/peer/authority.js";

const domain = "court.mantua.example";
const authority = new Authority();
const root = new X509Certificate(authority.certificate);

const serverAuth = "1.3.6.1.5.5.7.3.1";
const clientAuth = "1.3.6.1.5.5.7.3.2";

/** What is wrong with a certificate, in the words of this test. */
function flawsOf(kind: CertificateKind): string[] {
  const identity = authority.issue(domain, kind);
  if (identity === undefined) return ["none"];
  const certificate = new X509Certificate(identity.certificate);
  const now = Date.now();
  const flaws: Record<string, boolean> = {
    "wrong issuer": !(certificate.checkIssued(root) && certificate.verify(root.publicKey)),
    expired: Date.parse(certificate.validTo) < now,
    early: Date.parse(certificate.validFrom) > now,
    "no such name": certificate.checkHost(domain) === undefined,
    "not for clients": certificate.keyUsage?.includes(clientAuth) !== true,
    "not for servers": certificate.keyUsage?.includes(serverAuth) !== true,
  };
  return Object.keys(flaws).filter((flaw) => flaws[flaw]);
}

const expected: Record<CertificateKind, string[]> = {
  good: [],
  none: ["none"],
  "wrong-name": ["no such name"],
  expired: ["expired"],
  "not-yet-valid": ["early"],
  "self-signed": ["wrong issuer"],
  untrusted: ["wrong issuer"],
  "server-auth-only": ["not for clients"],
  wildcard: [],
  "service-name": ["no such name"], // as a host: it is the name of a service
};

for (const kind of certificateKinds) {
  test(`the certificate that is ${kind}`, () => assert.deepEqual(flawsOf(kind), expected[kind]));
}

test("a server's certificate is good for all its domains", () => {
  const certificate = new X509Certificate(authority.certify(["localhost", "second.localhost"]).certificate);
  assert.deepEqual(
    ["localhost", "second.localhost", "third.localhost"].map((name) => certificate.checkHost(name)),
    ["localhost", "second.localhost", undefined],
  );
});
