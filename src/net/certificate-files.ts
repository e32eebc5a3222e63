// Reading certificates from their files, and noticing that those have changed.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import { type CertificateFacts, certificateFacts } from "./certificate-facts.js";
import { serverEndPoint } from "./server-end-point.js";
import { tlsSettings, tlsSettingsForServers } from "./tls-settings.js";

/** Where a certificate lies. `host` says whose it is, besides the names that it bears. The first of all is the default. */
export interface CertificateSource {
  readonly host?: string;
  /** Domains that belong to the host: it is shown for them unless another one bears their names. */
  readonly services?: readonly string[];
  /** PEM: the certificate, followed by its intermediates. */
  readonly certificateFile: string;
  /** PEM. */
  readonly keyFile: string;
}

/** A certificate that can't be used; the message says why, in a sentence for the operator. */
export class CertificateError extends Error {}

/** A certificate that is ready to be shown. */
export interface LoadedEntry {
  readonly source: CertificateSource;
  readonly certificate: X509Certificate;
  /** Its channel binding tls-server-end-point; undefined when the signature's hash has none. */
  readonly endPoint: Buffer | undefined;
  readonly facts: CertificateFacts;
  readonly for: Readonly<Record<Audience, ReadyToShow>>;
}

/** Whom a certificate is shown to: clients may resume sessions, and are told which authorities their certificates need. */
export type Audience = "clients" | "servers";

export interface ReadyToShow {
  readonly options: SecureContextOptions;
  readonly context: SecureContext;
}

/** Reads and checks one. Throws CertificateError. `authorities` (PEM) sign clients' certificates. */
export async function loadCertificate(
  source: CertificateSource,
  authorities: string | undefined,
): Promise<LoadedEntry> {
  const cert = await read(source.certificateFile);
  const key = await read(source.keyFile);
  const certificate = parse(source, cert, key);
  const forClients = { ...tlsSettings, cert, key, ...(authorities === undefined ? {} : { ca: authorities }) };
  return {
    source,
    certificate,
    endPoint: serverEndPoint(certificate.raw),
    facts: certificateFacts(cert),
    for: { clients: ready(forClients), servers: ready({ ...tlsSettingsForServers, cert, key }) },
  };
}

function ready(options: SecureContextOptions): ReadyToShow {
  return { options, context: createSecureContext(options) };
}

function parse(source: CertificateSource, cert: string, key: string): X509Certificate {
  const certificate = orSay(`${source.certificateFile} holds no certificate in PEM.`, () => new X509Certificate(cert));
  const privateKey = orSay(`${source.keyFile} holds no private key in PEM.`, () => createPrivateKey(key));
  if (certificate.checkPrivateKey(privateKey)) return certificate;
  throw new CertificateError(`The key in ${source.keyFile} does not belong to ${source.certificateFile}.`);
}

function orSay<T>(sentence: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new CertificateError(sentence, { cause });
  }
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new CertificateError(`${path} can't be read: ${cause instanceof Error ? cause.message : "unknown"}.`, {
      cause,
    });
  }
}

/** Changes whenever a file is written anew or replaced, through symbolic links too. */
export async function fingerprintOf(sources: readonly CertificateSource[]): Promise<string> {
  const files = sources.flatMap(({ certificateFile, keyFile }) => [certificateFile, keyFile]);
  const marks = await Promise.all(files.map(markOf));
  return marks.join(" ");
}

async function markOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(path);
    return `${ino}:${size}:${mtimeMs}`;
  } catch {
    return "absent"; // load() says so in a sentence
  }
}
