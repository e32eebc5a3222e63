// The certificates of the configured hosts, and a self-signed one for those that have none.
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config/config.js";
import { certificateFacts } from "../net/certificate-facts.js";
import { type CertificateSource, CertificateStore } from "../net/certificates.js";
import { selfSigned } from "../net/self-signed.js";
import { tlsOptions } from "./options.js";

const certificateName = "self-signed.crt";
const keyName = "self-signed.key";

/** Loads every certificate. The self-signed one is made at the first start, and anew when it has run out. */
export async function openCertificates(config: Config, now: number): Promise<CertificateStore> {
  return CertificateStore.open(await certificateSources(config, now), await authoritiesOf(config));
}

/** Where the certificates of a configuration lie. */
export async function certificateSources(config: Config, now: number): Promise<CertificateSource[]> {
  const sources: CertificateSource[] = [];
  for (const { domain, certificate, key } of config.hosts) {
    if (certificate === undefined || key === undefined) continue;
    sources.push({ host: domain, certificateFile: certificate, keyFile: key });
  }
  const bare = config.hosts.filter(({ certificate }) => certificate === undefined).map(({ domain }) => domain);
  if (bare.length === 0) return sources;
  return [...sources, await selfSignedSource(config.data, bare, now)];
}

async function selfSignedSource(data: string, domains: readonly string[], now: number): Promise<CertificateSource> {
  const certificateFile = join(data, certificateName);
  const keyFile = join(data, keyName);
  if (!(await isGood(certificateFile, domains, now))) {
    const { certificate, key } = await selfSigned(domains, now);
    await mkdir(data, { recursive: true, mode: 0o700 });
    await writePrivate(keyFile, key);
    await writePrivate(certificateFile, certificate);
  }
  return { certificateFile, keyFile };
}

/** Whether it is there, names all the domains, and is still valid. */
async function isGood(file: string, domains: readonly string[], now: number): Promise<boolean> {
  const pem = await readFile(file, "utf8").catch(() => undefined); // not there at the first start
  if (pem === undefined) return false;
  const facts = certificateFacts(pem);
  return facts.validTo.getTime() > now && domains.every((domain) => facts.names.includes(domain));
}

async function writePrivate(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600 });
  await chmod(file, 0o600);
}

async function authoritiesOf(config: Config): Promise<string | undefined> {
  const file = config.values(tlsOptions).client_authorities;
  return file === undefined ? undefined : readFile(file, "utf8");
}
