// The server's certificates: which one for which name (RFC 6066 §3), reloaded without a restart.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import { type CertificateFacts, certificateFacts, namesOf } from "./certificate-facts.js";
import { tlsSettings } from "./tls-settings.js";

/** Where a certificate lies. `host` says whose it is; without it, its own names decide, and it is the default. */
export interface CertificateSource {
  readonly host?: string;
  /** PEM: the certificate, followed by its intermediates. */
  readonly certificateFile: string;
  /** PEM. */
  readonly keyFile: string;
}

/** A certificate that can't be used; the message says why, in a sentence for the operator. */
export class CertificateError extends Error {}

/** What reload() found. */
export interface LoadedCertificate extends CertificateFacts {
  readonly source: CertificateSource;
}

/** Milliseconds. */
const ticketKeyLifetime = 86_400_000;

interface Entry {
  readonly source: CertificateSource;
  readonly names: readonly string[];
  readonly certificate: X509Certificate;
  readonly options: SecureContextOptions;
  readonly context: SecureContext;
}

export class CertificateStore {
  #sources: readonly CertificateSource[];
  readonly #authorities: string | undefined;
  #entries: readonly Entry[] = [];
  #byName = new Map<string, Entry>();
  #fingerprint = "";
  #loadedAt = 0;
  readonly #watchers = new Set<() => void>();

  /** Reads all certificates. `authorities` (PEM) sign clients' certificates; the system's when left out. */
  static async open(sources: readonly CertificateSource[], authorities?: string): Promise<CertificateStore> {
    const store = new CertificateStore(sources, authorities);
    await store.reload();
    return store;
  }

  private constructor(sources: readonly CertificateSource[], authorities: string | undefined) {
    this.#sources = sources;
    this.#authorities = authorities;
  }

  /**
   * Reads the files again, or those of `sources` instead. When one of them is bad, all stay as they were and
   * CertificateError is thrown. Connections that stand keep theirs; resumption tickets of before are worth nothing.
   */
  async reload(
    sources: readonly CertificateSource[] = this.#sources,
    now: number = Date.now(),
  ): Promise<readonly LoadedCertificate[]> {
    if (sources.length === 0) throw new CertificateError("No certificate is configured.");
    const fingerprint = await fingerprintOf(sources);
    const loaded = await Promise.all(sources.map((source) => load(source, this.#authorities)));
    this.#sources = sources;
    this.#fingerprint = fingerprint;
    this.#loadedAt = now;
    this.#entries = loaded.map(({ entry }) => entry);
    this.#byName = indexOf(this.#entries);
    for (const tell of this.#watchers) tell();
    return loaded.map(({ entry, facts }) => ({ ...facts, source: entry.source }));
  }

  /**
   * Reloads when a file's time, size or identity has changed, and says whether one has; throws as reload() does.
   * Also reloads once a day, because new contexts have new ticket keys: RFC 9325 §3.4 wants them changed regularly.
   */
  async reloadIfChanged(now: number = Date.now()): Promise<boolean> {
    const isChanged = (await fingerprintOf(this.#sources)) !== this.#fingerprint;
    if (isChanged || now - this.#loadedAt >= ticketKeyLifetime) await this.reload(this.#sources, now);
    return isChanged;
  }

  /** Calls `tell` after each reload, until the function it returns is called. */
  onReload(tell: () => void): () => void {
    this.#watchers.add(tell);
    return () => this.#watchers.delete(tell);
  }

  /** The context for a name in SNI: exact, then wildcard, then undefined. */
  contextFor(name: string): SecureContext | undefined {
    return this.#find(name)?.context;
  }

  /** The certificate (DER) that goes with contextFor(name). */
  certificateFor(name: string): Buffer | undefined {
    return this.#find(name)?.certificate.raw;
  }

  /** What to make a TLS server of that shows the certificate of `host`, or else the first. */
  optionsFor(host: string | undefined): SecureContextOptions {
    const entry = (host === undefined ? undefined : this.#find(host)) ?? this.#entries[0];
    if (entry === undefined) throw new CertificateError("No certificate is loaded.");
    return entry.options;
  }

  /** True when a certificate is good for this host by name. */
  covers(host: string): boolean {
    return this.#find(host) !== undefined;
  }

  #find(name: string): Entry | undefined {
    const plain = name.toLowerCase().replace(/\.$/, "");
    // RFC 6125 §6.4.3: a wildcard stands for exactly the leftmost label.
    return this.#byName.get(plain) ?? this.#byName.get(plain.replace(/^[^.]*/, "*"));
  }
}

/** Names that the operator gave a certificate go before names it bears; earlier sources before later ones. */
function indexOf(entries: readonly Entry[]): Map<string, Entry> {
  const index = new Map<string, Entry>();
  const add = (name: string, entry: Entry): unknown => index.has(name) || index.set(name, entry);
  for (const entry of entries) if (entry.source.host !== undefined) add(entry.source.host.toLowerCase(), entry);
  for (const entry of entries) for (const name of entry.names) add(name, entry);
  return index;
}

async function load(
  source: CertificateSource,
  authorities: string | undefined,
): Promise<{ entry: Entry; facts: CertificateFacts }> {
  const cert = await read(source.certificateFile);
  const key = await read(source.keyFile);
  const certificate = parse(source, cert, key);
  const options = { ...tlsSettings, cert, key, ...(authorities === undefined ? {} : { ca: authorities }) };
  const context = createSecureContext(options);
  return {
    entry: { source, names: namesOf(certificate), certificate, options, context },
    facts: certificateFacts(cert),
  };
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
async function fingerprintOf(sources: readonly CertificateSource[]): Promise<string> {
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
