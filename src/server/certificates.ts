// The certificates of the configured hosts, and a self-signed one for those that have none.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Config } from "../config/config.js";
import { CertificateError, type CertificateSource, CertificateStore } from "../net/certificates.js";
import { ownCertificate } from "../net/own-certificate.js";
import { tlsOptions } from "./options.js";

/** Loads every certificate. The self-signed one is made at the first start, and anew when it has run out. */
export async function openCertificates(config: Config, now: number): Promise<CertificateStore> {
  return CertificateStore.open(await certificateSources(config, now), await authoritiesOf(config));
}

/** Where the certificates of a configuration lie. */
export async function certificateSources(config: Config, now: number): Promise<CertificateSource[]> {
  const sources: CertificateSource[] = [];
  const bare: string[] = [];
  for (const { domain, certificate, key, ...host } of config.hosts) {
    const services = host.services.map((service) => service.domain);
    if (certificate === undefined || key === undefined) bare.push(domain, ...services);
    else sources.push({ host: domain, services, certificateFile: certificate, keyFile: key });
  }
  return bare.length === 0 ? sources : [...sources, await ownCertificate(config.data, bare, now)];
}

function authoritiesOf(config: Config): Promise<string | undefined> {
  return readAuthorities(config, config.values(tlsOptions).client_authorities);
}

/** A file of authorities that the configuration names, if it does. Throws CertificateError when it can't be read. */
export async function readAuthorities(config: Config, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const path = resolve(config.directory, file);
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CertificateError(`The authorities in ${path} can't be read: ${reason}.`, { cause });
  }
}
