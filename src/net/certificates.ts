// The server's certificates: which one for which name (RFC 6066 §3), reloaded without a restart.
import type { SecureContext, SecureContextOptions } from "node:tls";
import { domainToASCII } from "node:url";
import type { CertificateFacts } from "./certificate-facts.js";
import {
  type Audience,
  CertificateError,
  type CertificateSource,
  fingerprintOf,
  type LoadedEntry,
  loadCertificate,
} from "./certificate-files.js";

export { type Audience, CertificateError, type CertificateSource };

/** What reload() found. */
export interface LoadedCertificate extends CertificateFacts {
  readonly source: CertificateSource;
}

/** Milliseconds. */
const ticketKeyLifetime = 86_400_000;

export class CertificateStore {
  #sources: readonly CertificateSource[];
  readonly #authorities: string | undefined;
  #entries: readonly LoadedEntry[] = [];
  #byName = new Map<string, LoadedEntry>();
  #ofServices = new Map<string, LoadedEntry>();
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
    const loaded = await Promise.all(sources.map((source) => loadCertificate(source, this.#authorities)));
    this.#sources = sources;
    this.#fingerprint = fingerprint;
    this.#loadedAt = now;
    this.#entries = loaded;
    this.#byName = indexOf(this.#entries);
    this.#ofServices = new Map(loaded.flatMap((entry) => servicesOf(entry).map((name) => [name, entry])));
    for (const tell of this.#watchers) tell();
    return loaded.map(({ facts, source }) => ({ ...facts, source }));
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
  contextFor(name: string, audience: Audience = "clients"): SecureContext | undefined {
    return this.#find(name)?.for[audience].context;
  }

  /** The context for a connection to another server, showing the certificate of `host`, or else the first. */
  contextTowardsServers(host: string): SecureContext {
    return this.#orFirst(host).for.servers.context;
  }

  /** The certificate (DER) that goes with contextFor(name). */
  certificateFor(name: string): Buffer | undefined {
    return this.#find(name)?.certificate.raw;
  }

  /** What tls-server-end-point is of the certificate shown to a client that named `name` in SNI (RFC 5929 §4). */
  endPointFor(name: string | undefined, host: string | undefined): Buffer | undefined {
    const named = name === undefined ? undefined : this.#find(name);
    return (named ?? (host === undefined ? undefined : this.#find(host)) ?? this.#entries[0])?.endPoint;
  }

  /** What to make a TLS server of that shows the certificate of `host`, or else the first. */
  optionsFor(host: string | undefined, audience: Audience = "clients"): SecureContextOptions {
    return this.#orFirst(host).for[audience].options;
  }

  /** True when there is a certificate to be shown for this host, not only the first of all. */
  covers(host: string): boolean {
    return this.#find(host) !== undefined;
  }

  #orFirst(host: string | undefined): LoadedEntry {
    const entry = (host === undefined ? undefined : this.#find(host)) ?? this.#entries[0];
    if (entry === undefined) throw new CertificateError("No certificate is loaded.");
    return entry;
  }

  #find(name: string): LoadedEntry | undefined {
    const plain = plainName(name);
    // RFC 6125 §6.4.3: a wildcard stands for exactly the leftmost label.
    return this.#byName.get(plain) ?? this.#byName.get(plain.replace(/^[^.]*/, "*")) ?? this.#ofServices.get(plain);
  }
}

/** Names that the operator gave a certificate go before names it bears; earlier sources before later ones. */
function indexOf(entries: readonly LoadedEntry[]): Map<string, LoadedEntry> {
  const index = new Map<string, LoadedEntry>();
  const add = (name: string, entry: LoadedEntry): unknown => index.has(name) || index.set(name, entry);
  for (const entry of entries) if (entry.source.host !== undefined) add(plainName(entry.source.host), entry);
  for (const entry of entries) for (const name of entry.facts.names) add(name, entry);
  return index;
}

function servicesOf({ source }: LoadedEntry): readonly string[] {
  return (source.services ?? []).map(plainName);
}

/** As names stand in SNI and in certificates: ASCII, lower case, no dot at the end (RFC 6066 §3). */
function plainName(name: string): string {
  const ascii = /^[\0-\x7f]*$/.test(name) ? name : domainToASCII(name);
  return ascii.toLowerCase().replace(/\.$/, "");
}
