// What `openssl verify` says of a chain: the oracle for our own judgement.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { X509Certificate } from "node:crypto";

/** What a directory of PEM files is judged to be, strictly and at OpenSSL's security level 2 (112 bits). */
export function opensslTrusts(
  [own, ...others]: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  use: "server" | "peer",
): boolean {
  const directory = mkdtempSync(join(tmpdir(), "rookery-verify-"));
  try {
    const file = (name: string, certificates: readonly X509Certificate[]): string => {
      writeFileSync(join(directory, name), certificates.map(String).join(""));
      return join(directory, name);
    };
    const options = ["-x509_strict", "-auth_level", "2", "-no-CApath", "-no-CAstore"];
    const files = ["-CAfile", file("anchors.pem", anchors)];
    if (others.length > 0) files.push("-untrusted", file("others.pem", others));
    files.push(file("own.pem", own === undefined ? [] : [own]));
    const purposes = use === "server" ? ["sslserver"] : ["sslserver", "sslclient"];
    return purposes.some((purpose) => verify(["-purpose", purpose, ...options, ...files]));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function verify(options: readonly string[]): boolean {
  const { error, status } = spawnSync("openssl", ["verify", ...options]);
  if (error !== undefined) throw error;
  return status === 0;
}
