// The certificates of the configured hosts, and a self-signed one for those that have none.
import { readFile } from "node:fs/promises";
import type { Config } from "../config/config.js";
import { type CertificateSource, CertificateStore } from "../net/certificates.js";
import { ownCertificate } from "../net/own-certificate.js";
import { tlsOptions } from "./options.js";

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
  return [...sources, await ownCertificate(config.data, bare, now)];
}

async function authoritiesOf(config: Config): Promise<string | undefined> {
  const file = config.values(tlsOptions).client_authorities;
  return file === undefined ? undefined : readFile(file, "utf8");
}
