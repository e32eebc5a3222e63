// A certificate authority of the test's own, whose certificates may be wrong in the ways that real ones are.
import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import forge from "node-forge";

const DAY_MILLISECONDS = 86_400_000;

/** PEM texts; the certificate is followed by that of the intermediate authority. */
export interface Credentials {
  readonly certificate: string;
  readonly key: string;
}

/** What may be unusual about a certificate. */
export interface Peculiarities {
  /** It was valid once, until yesterday. */
  readonly hasExpired?: boolean;
  /** For servers only, as public authorities issue them now; otherwise for clients, too. */
  readonly isForServersOnly?: boolean;
}

/** Someone who can sign, or, without an issuer, who has signed himself. */
interface Signer {
  readonly name: string;
  readonly keys: forge.pki.rsa.KeyPair;
  readonly certificate: forge.pki.Certificate;
}

export class Authority {
  private constructor(
    private readonly root: Signer,
    private readonly intermediate: Signer,
  ) {}

  static async make(name: string): Promise<Authority> {
    const root = await makeSigner(name);
    return new Authority(root, await makeSigner(`${name}, Gallery`, root));
  }

  /** The root certificate (PEM), for those who are to trust it. */
  get certificate(): string {
    return forge.pki.certificateToPem(this.root.certificate);
  }

  /** A key and a certificate for these DNS names. */
  async issue(names: readonly string[], peculiarities: Peculiarities = {}): Promise<Credentials> {
    const keys = await makeKeys();
    const days = peculiarities.hasExpired === true ? -1 : 10;
    const certificate = draft(keys.publicKey, names[0] ?? "", this.intermediate.name, days);
    certificate.setExtensions([
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
      { name: "extKeyUsage", serverAuth: true, clientAuth: peculiarities.isForServersOnly !== true },
      { name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) },
    ]);
    certificate.sign(this.intermediate.keys.privateKey, forge.md.sha256.create());
    const chain = [certificate, this.intermediate.certificate].map((each) => forge.pki.certificateToPem(each));
    return { certificate: chain.join(""), key: forge.pki.privateKeyToPem(keys.privateKey) };
  }
}

async function makeSigner(name: string, issuer?: Signer): Promise<Signer> {
  const keys = await makeKeys();
  const certificate = draft(keys.publicKey, name, issuer?.name ?? name, 10);
  certificate.setExtensions([
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
  ]);
  certificate.sign((issuer?.keys ?? keys).privateKey, forge.md.sha256.create());
  return { name, keys, certificate };
}

/** @param days how long it is valid from now; it has been for a month */
function draft(key: forge.pki.rsa.PublicKey, subject: string, issuer: string, days: number): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = key;
  certificate.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(12))}`;
  certificate.validity.notBefore = new Date(Date.now() - 30 * DAY_MILLISECONDS);
  certificate.validity.notAfter = new Date(Date.now() + days * DAY_MILLISECONDS);
  certificate.setSubject([{ name: "commonName", value: subject }]);
  certificate.setIssuer([{ name: "commonName", value: issuer }]);
  return certificate;
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
