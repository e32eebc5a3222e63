// The self-signed certificate kept in the data directory: made on the first run, renewed before it expires.
import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { domainToASCII } from "node:url";
import { certificateFacts } from "./certificate-facts.js";
import type { CertificateSource } from "./certificates.js";
import { selfSigned } from "./self-signed.js";

/** Renewed when fewer days are left than this. */
const renewalDays = 30;

/**
 * Makes sure that `directory` holds a certificate for `hosts`, valid for a month to come, and says where it is. Key
 * and certificate share one file (mode 0600), so that a crash can't leave one without the other.
 */
export async function ownCertificate(
  directory: string,
  hosts: readonly string[],
  now: number = Date.now(),
): Promise<CertificateSource> {
  const path = join(directory, "self-signed.pem");
  if (!isGood(await readIfThere(path), hosts, now)) await write(path, hosts, now);
  return { certificateFile: path, keyFile: path };
}

function isGood(pem: string | undefined, hosts: readonly string[], now: number): boolean {
  if (pem === undefined) return false;
  const { names, daysLeft } = certificateFacts(pem, now);
  const isNamed = (host: string): boolean => {
    const name = isIP(host) === 0 ? domainToASCII(host) : host;
    return names.includes(name) || names.includes(name.replace(/^[^.]*/, "*"));
  };
  return daysLeft >= renewalDays && hosts.every(isNamed);
}

async function write(path: string, hosts: readonly string[], now: number): Promise<void> {
  const { key, certificate } = await selfSigned(hosts, now);
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, certificate + key, { mode: 0o600, flag: "wx", flush: true });
  await rename(temporary, path);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
