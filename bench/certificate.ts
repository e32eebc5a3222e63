// The certificate that all servers get.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export type KeyKind = "ecdsa" | "rsa";

const KEYS: Readonly<Record<KeyKind, readonly string[]>> = {
  ecdsa: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
  rsa: ["-newkey", "rsa:2048"],
};

/** Makes a self-signed certificate for localhost in `folder`, with openssl. */
export async function makeCertificate(folder: string, kind: KeyKind): Promise<{ key: string; certificate: string }> {
  const key = join(folder, "key.pem");
  const certificate = join(folder, "certificate.pem");
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const files = ["-keyout", key, "-out", certificate];
  await promisify(execFile)("openssl", ["req", "-x509", ...KEYS[kind], "-nodes", "-days", "30", ...names, ...files]);
  return { key, certificate };
}
