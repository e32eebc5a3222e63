// The certificates that all servers get.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export type KeyKind = "ecdsa" | "rsa";

/** PEM files of one certificate. */
export interface Secrets {
  readonly key: string;
  readonly certificate: string;
}

const KEYS: Readonly<Record<KeyKind, readonly string[]>> = {
  ecdsa: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
  rsa: ["-newkey", "rsa:2048"],
};

/** Makes a certificate for `domain` in `folder`, with openssl: signed by `authority`, or by itself. */
export async function makeCertificate(
  folder: string,
  kind: KeyKind,
  domain: string,
  authority?: Secrets,
): Promise<Secrets> {
  const extensions = [`subjectAltName=DNS:${domain}`, ...(authority ? SIGNED : [])];
  const signer = authority ? ["-CA", authority.certificate, "-CAkey", authority.key] : [];
  return request(folder, kind, domain, [...extensions.flatMap((each) => ["-addext", each]), ...signer]);
}

/** Makes an authority that servers can be told to trust. */
export async function makeAuthority(folder: string, kind: KeyKind): Promise<Secrets> {
  return request(folder, kind, "authority", []);
}

/** What a server needs to show to another one, in either role. */
const SIGNED = ["basicConstraints=critical,CA:FALSE", "extendedKeyUsage=serverAuth,clientAuth"];

async function request(folder: string, kind: KeyKind, name: string, rest: readonly string[]): Promise<Secrets> {
  const key = join(folder, `${name}.key.pem`);
  const certificate = join(folder, `${name}.pem`);
  const files = ["-keyout", key, "-out", certificate];
  const subject = ["-subj", `/CN=${name}`, "-days", "30", "-nodes"];
  await promisify(execFile)("openssl", ["req", "-x509", ...KEYS[kind], ...subject, ...files, ...rest]);
  return { key, certificate };
}
