// Once a second: who is silent is asked, who does not answer is given up, who is not needed any more goes.
import { StreamError } from "../stream/stream-error.js";
import type { Federation } from "./federation.js";
import type { Incoming } from "./incoming.js";
import type { Link } from "./link.js";
import type { Outgoing } from "./outgoing.js";
import type { RemoteDomain } from "./remote-domain.js";

/** Domains without a stream whose last failure is remembered. */
const mostRemembered = 10_000;

export function watchOver(federation: Federation): void {
  const now = federation.clock.now();
  for (const stream of federation.outgoing) watchStream(federation, stream, now);
  for (const stream of federation.incoming) watchStream(federation, stream, now);
  for (const domain of federation.domains.values()) watchDomain(federation, domain, now);
  federation.managed.tick(now);
}

function watchStream(federation: Federation, { link, stream }: Outgoing | Incoming, now: number): void {
  if (link === undefined || stream.isClosing) return;
  link.management?.ask(now);
  if (isDead(federation, link, now)) stream.fail(new StreamError("connection-timeout", "No sign of life."));
  else if (isIdle(federation, link, now)) link.leave();
  else if (now - link.lastWrittenAt >= federation.limits.keep_alive) link.keepAlive(now);
}

/** It has been asked what has arrived and does not answer, or takes nothing of what it is sent. */
function isDead({ limits }: Federation, link: Link, now: number): boolean {
  const askedAt = link.management?.askedAt ?? now;
  const stuckSince = link.stuckSince ?? now;
  return now - Math.min(askedAt, stuckSince) >= limits.answer_timeout;
}

/** RFC 6120 §4.6.4: a stream that nobody uses costs both sides something; either may end it. */
function isIdle({ limits, domains }: Federation, link: Link, now: number): boolean {
  const isNeeded = (domains.get(link.remote)?.pairs.get(link.local)?.waiting.length ?? 0) > 0;
  const isOutstanding = (link.management?.sent.length ?? 0) > 0;
  return !isNeeded && !isOutstanding && now - link.lastStanzaAt >= limits.idle_timeout;
}

function watchDomain({ domains, incoming }: Federation, domain: RemoteDomain, now: number): void {
  for (const pair of domain.pairs.values()) {
    pair.tick(now);
    if (pair.isIdle) domain.pairs.delete(pair.local);
  }
  if (domain.pairs.size > 0 || domains.size <= mostRemembered) return;
  if (![...incoming].some(({ remote }) => remote === domain.name)) domains.delete(domain.name);
}
