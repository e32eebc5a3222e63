// Puts federation together: name servers, trusted authorities, limits, and what is measured of it.
import { readAuthorities } from "./certificates.js";
import { isIP, type LookupFunction } from "node:net";
import type { Config } from "../config/config.js";
import type { Clock } from "../extension/clock.js";
import { TrustAnchors } from "../net/certificate-path.js";
import type { CertificateStore } from "../net/certificates.js";
import { Locator } from "../net/locator.js";
import { Posh } from "../net/posh.js";
import type { Log } from "../observability/log.js";
import type { Trace } from "../observability/trace.js";
import type { Router } from "../routing/router.js";
import { errorFor, isUnanswerable } from "../stanza/build.js";
import type { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import { StorageError } from "../storage/storage-error.js";
import type { Storage } from "../storage/storage.js";
import { accountOptions } from "../c2s/options.js";
import { Spool } from "../s2s/spool.js";
import { Federation } from "../s2s/federation.js";
import type { ServerLimits } from "../s2s/federation-parts.js";
import { dnsOptions, serverOptions } from "../s2s/options.js";
import { Trust } from "../s2s/trust.js";

export interface FederationSurroundings {
  readonly router: Router;
  readonly clock: Clock;
  readonly log: Log;
  readonly trace: Trace;
  readonly certificates: CertificateStore;
  readonly secret: Buffer;
  readonly storage: Storage;
}

/** Throws when the file of authorities can't be read. `changes`: what is other than the configuration says. */
export async function makeFederation(
  config: Config,
  surroundings: FederationSurroundings,
  changes: Partial<ServerLimits> = {},
): Promise<Federation> {
  const { storage, log } = surroundings;
  const limits = { ...config.values(serverOptions), ...changes };
  const { servers, timeout } = config.values(dnsOptions);
  const locator = new Locator({ servers, timeout });
  return new Federation({
    ...surroundings,
    config,
    limits,
    locator,
    spool: new Spool(storage.outbound, (error) => log.error("s2s-not-kept", { error })),
    returnLate: (stanza, error) => returnLate(config, surroundings, stanza, error),
    trust: await trustOf(config, locator, surroundings),
  });
}

async function trustOf(config: Config, locator: Locator, { clock, log }: FederationSurroundings): Promise<Trust> {
  const { authorities, posh, negotiation_timeout: timeout } = config.values(serverOptions);
  const more = (await readAuthorities(config, authorities)) ?? "";
  const now = (): number => clock.now();
  const asker = new Posh({
    timeout,
    now,
    authorities: more,
    lookup: lookupBy(locator),
    failed: (domain, error) => log.debug("posh-failed", { domain, error }),
  });
  return new Trust(TrustAnchors.usual(more), posh ? asker : undefined, now);
}

/** Web servers are found by the same name servers as other servers. */
function lookupBy(locator: Locator): LookupFunction {
  return (name, { all: isForAll }, done) => {
    const found = (addresses: readonly string[]): void => {
      const [first = "", ...others] = addresses;
      if (isForAll !== true) return done(null, first, isIP(first));
      done(null, [first, ...others].map((address) => ({ address, family: isIP(address) }))); // prettier-ignore
    };
    const failed = (error: unknown): void => done(error instanceof Error ? error : new Error(String(error)), []);
    locator.addressesOf(name).then(found, failed);
  };
}

/** RFC 6121 §8.5.2.2 drops errors for who is not there; but this one comes late for no fault of the sender's. */
async function returnLate(
  config: Config,
  { router, storage, clock }: FederationSurroundings,
  stanza: Stanza,
  error: StanzaError,
): Promise<void> {
  const { from } = stanza;
  if (from === undefined) return;
  const host = config.host(from.domain);
  // a service or a component is there for as long as this server is
  if (host === undefined) return router.serves(from.domain) ? router.bounce(stanza, error) : undefined;
  if (from.local === "" || isUnanswerable(stanza)) return;
  const isHere = (router.hosts.get(from.domain)?.accounts.peek(from.bare)?.sessions.length ?? 0) > 0;
  if (isHere || stanza.kind !== "message") return router.bounce(stanza, error);
  const { offline_messages: messages, offline_size: bytes } = host.values(accountOptions);
  const key = { host: from.domain, user: from.local };
  const text = errorFor(stanza, error).toXml("jabber:client");
  await storage.offline.append(key, text, clock.now(), { messages, bytes }).catch((refusal: unknown) => {
    if (!(refusal instanceof StorageError) || refusal.code !== "no-account") throw refusal; // else: the sender is no more
  });
}
