// POSH (RFC 7711, RFC 7712): a domain says by https which certificates its XMPP servers have, whatever their names.
import { createHash, type X509Certificate } from "node:crypto";
import { Agent } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { createSecureContext, rootCertificates } from "node:tls";
import { dnsNameOfDomain } from "./domain-names.js";
import { fetchJson } from "./https-document.js";
import { type Fingerprint, readPoshDocument } from "./posh-document.js";

export type { Fingerprint };

export interface PoshOptions {
  /** How names of web servers are resolved; the system's way when left out. */
  readonly lookup?: LookupFunction;
  /** Of the domain's web server. */
  readonly port?: number;
  /** Milliseconds for all that one domain takes; 10 000 when left out. */
  readonly timeout?: number;
  /** Milliseconds. */
  readonly now?: () => number;
  /** Domains whose answer is remembered; 1 000 when left out. */
  readonly mostCached?: number;
  /** PEM: authorities that web servers' certificates may come from, beside those that Node brings along. */
  readonly authorities?: string;
  /** Told why a domain vouches for nothing. That it has no document, the usual case, is among the reasons. */
  readonly failed?: (domain: string, error: Error) => void;
}

interface Answer {
  readonly fingerprints: readonly Fingerprint[];
  /** Milliseconds. */
  readonly expiresAt: number;
}

/** Domains that are asked at a time; others get the answer that they vouch for nothing, for now. */
const mostPending = 50;
/** Milliseconds: how long "nothing" is remembered. */
const nothingLasts = 300_000;
/** Milliseconds: a certificate that was stolen must not be vouched for forever. */
const longestCached = 7 * 86_400_000;

export class Posh {
  readonly #options: PoshOptions;
  readonly #now: () => number;
  readonly #answers = new Map<string, Answer>();
  readonly #pending = new Map<string, Promise<readonly Fingerprint[]>>();
  #agent: Agent | undefined;

  constructor(options: PoshOptions = {}) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** SHA-256 or SHA-512 of the certificates that `domain` vouches for; none when it has none, or can't be asked. */
  async fingerprintsOf(domain: string): Promise<readonly Fingerprint[]> {
    const host = dnsNameOfDomain(domain);
    if (host === undefined || isIP(host) !== 0) return [];
    const known = this.#answers.get(host);
    if (known !== undefined && known.expiresAt > this.#now()) return known.fingerprints;
    const pending = this.#pending.get(host);
    if (pending !== undefined || this.#pending.size >= mostPending) return pending ?? [];
    const asked = this.#ask(host).finally(() => this.#pending.delete(host));
    this.#pending.set(host, asked);
    return asked;
  }

  /** True when `domain` vouches for this certificate: its name, issuer and dates are then of no account (§3.3). */
  async isVouchedFor(certificate: X509Certificate, domain: string): Promise<boolean> {
    const fingerprints = await this.fingerprintsOf(domain);
    const digest = (hash: string): Buffer => createHash(hash).update(certificate.raw).digest();
    return fingerprints.some(({ hash, octets }) => digest(hash).equals(octets));
  }

  async #ask(host: string): Promise<readonly Fingerprint[]> {
    let answer: Answer = { fingerprints: [], expiresAt: this.#now() + nothingLasts };
    try {
      const { fingerprints, expires } = await this.#fetch(host);
      answer = { fingerprints, expiresAt: this.#now() + Math.min(expires * 1_000, longestCached) };
    } catch (error) {
      this.#options.failed?.(host, error instanceof Error ? error : new Error(String(error)));
    }
    this.#remember(host, answer);
    return answer.fingerprints;
  }

  async #fetch(host: string): Promise<{ fingerprints: readonly Fingerprint[]; expires: number }> {
    const { port = 443, timeout = 10_000, lookup } = this.#options;
    const agent = (this.#agent ??= agentTrusting(this.#options.authorities));
    const options = {
      agent,
      signal: AbortSignal.timeout(timeout),
      ...(lookup === undefined ? {} : { lookup }),
    };
    const place = new URL(`https://${host}:${port}/.well-known/posh/xmpp-server.json`);
    const first = readPoshDocument(await fetchJson(place, options));
    if (first.kind === "fingerprints") return first;
    // §3.2: the document may lie elsewhere, but one reference is enough for anybody.
    const second = readPoshDocument(await fetchJson(first.url, options));
    if (second.kind === "reference") throw new Error(`${first.url.href} is not the document itself, but leads on`);
    return { fingerprints: second.fingerprints, expires: Math.min(first.expires, second.expires) };
  }

  /** The one remembered first goes first: what is still in use is soon asked again. */
  #remember(host: string, answer: Answer): void {
    this.#answers.delete(host);
    this.#answers.set(host, answer);
    const [oldest] = this.#answers.keys();
    if (oldest !== undefined && this.#answers.size > (this.#options.mostCached ?? 1_000)) this.#answers.delete(oldest);
  }
}

/** Made at the first need: to read all authorities takes a tenth of a second. */
function agentTrusting(authorities: string | undefined): Agent {
  const ca = authorities === undefined ? undefined : [...rootCertificates, authorities];
  const secureContext = createSecureContext({ minVersion: "TLSv1.2", ...(ca === undefined ? {} : { ca }) });
  return new Agent({ secureContext, keepAlive: false, maxCachedSessions: 0 });
}
