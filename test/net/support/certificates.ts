// Certificates made for one test, in a directory that goes with it.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type CertificateSource, CertificateStore } from "../../../src/net/certificates.js";
import type { Identity } from "./authority.js";
import { type KeyAndCertificate, selfSigned } from "../../../src/net/self-signed.js";

export async function temporaryDirectory(test: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "rookery-net-"));
  test.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes a fresh certificate for `names` as files called after the first of them. */
export async function writeCertificate(
  directory: string,
  names: string[],
  file = names[0],
): Promise<KeyAndCertificate> {
  const made = await selfSigned(names);
  await writeFile(join(directory, `${file}.crt`), made.certificate);
  await writeFile(join(directory, `${file}.key`), made.key, { mode: 0o600 });
  return made;
}

export function sourceOf(directory: string, file: string, host?: string): CertificateSource {
  const files = { certificateFile: join(directory, `${file}.crt`), keyFile: join(directory, `${file}.key`) };
  return host === undefined ? files : { host, ...files };
}

/** A store that shows a chain, own certificate first, for each of the hosts. */
export async function storeShowing(
  test: TestContext,
  chains: Readonly<Record<string, readonly Identity[]>>,
  authorities?: string,
): Promise<CertificateStore> {
  const directory = await temporaryDirectory(test);
  for (const [host, chain] of Object.entries(chains)) {
    await writeFile(join(directory, `${host}.crt`), chain.map(({ pem }) => pem).join(""));
    await writeFile(join(directory, `${host}.key`), chain[0]?.keyPem ?? "", { mode: 0o600 });
  }
  const sources = Object.keys(chains).map((host) => sourceOf(directory, host, host));
  return CertificateStore.open(sources, authorities);
}

/** A store with a certificate for each of the hosts, the first being the default. */
export async function storeFor(test: TestContext, hosts: string[], authorities?: string): Promise<CertificateStore> {
  const directory = await temporaryDirectory(test);
  for (const host of hosts) await writeCertificate(directory, [host]);
  return CertificateStore.open(
    hosts.map((host) => sourceOf(directory, host)),
    authorities,
  );
}
