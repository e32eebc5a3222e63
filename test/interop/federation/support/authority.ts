// A certificate authority of the test's own, whose certificates may be wrong in the ways that real ones are.
import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import forge from "node-forge";

const DAY_MILLISECONDS = 86_400_000;

/** PEM texts. */
export interface Credentials {
  readonly certificate: string;
  readonly key: string;
}

/** What may be unusual about a certificate. */
export interface Flaws {
  /** It was valid once, until yesterday. */
  readonly hasExpired?: boolean;
  /** For servers only, as public authorities issue them now; otherwise for clients, too. */
  readonly isForServersOnly?: boolean;
}

export class Authority {
  private constructor(
    private readonly keys: forge.pki.rsa.KeyPair,
    private readonly root: forge.pki.Certificate,
  ) {}

  static async make(name: string): Promise<Authority> {
    const keys = await makeKeys();
    const root = draft(keys.publicKey, name, name, {});
    root.setExtensions([
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ]);
    root.sign(keys.privateKey, forge.md.sha256.create());
    return new Authority(keys, root);
  }

  /** The authority's own certificate (PEM), for those who are to trust it. */
  get certificate(): string {
    return forge.pki.certificateToPem(this.root);
  }

  /** A key and a certificate for these DNS names. */
  async issue(names: readonly string[], flaws: Flaws = {}): Promise<Credentials> {
    const keys = await makeKeys();
    const certificate = draft(keys.publicKey, names[0] ?? "", nameOf(this.root), flaws);
    certificate.setExtensions([
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
      { name: "extKeyUsage", serverAuth: true, clientAuth: flaws.isForServersOnly !== true },
      { name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) },
    ]);
    certificate.sign(this.keys.privateKey, forge.md.sha256.create());
    return { certificate: forge.pki.certificateToPem(certificate), key: forge.pki.privateKeyToPem(keys.privateKey) };
  }
}

function draft(key: forge.pki.rsa.PublicKey, subject: string, issuer: string, flaws: Flaws): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = key;
  certificate.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(12))}`;
  certificate.validity.notBefore = new Date(Date.now() - 10 * DAY_MILLISECONDS);
  certificate.validity.notAfter = new Date(Date.now() + (flaws.hasExpired === true ? -1 : 10) * DAY_MILLISECONDS);
  certificate.setSubject([{ name: "commonName", value: subject }]);
  certificate.setIssuer([{ name: "commonName", value: issuer }]);
  return certificate;
}

function nameOf(certificate: forge.pki.Certificate): string {
  const { value } = certificate.subject.getField("CN") as { value: string };
  return value;
}

/** Node makes the keys: forge would take seconds for each. */
async function makeKeys(): Promise<forge.pki.rsa.KeyPair> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  return { privateKey: forge.pki.privateKeyFromPem(privateKey), publicKey: forge.pki.publicKeyFromPem(publicKey) };
}
