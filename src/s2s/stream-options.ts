// What all streams with other servers have in common: their framing and their limits.
import type { Clock } from "../extension/clock.js";
import type { Router } from "../routing/router.js";
import { Flusher } from "../stream/flusher.js";
import { xmlStream } from "../stream/framing.js";
import { readerLimitsOf } from "../stream/reader-limits.js";
import type { StreamOptions } from "../stream/stream-parts.js";
import type { ReaderLimits } from "../xml/limits.js";
import { NAMESPACES } from "../xml/namespaces.js";
import type { ServerLimits } from "./federation-parts.js";

/** For strangers, and for those who have proven who they are. */
export interface FederationReaderLimits {
  readonly unauthenticated: ReaderLimits;
  readonly authenticated: ReaderLimits;
}

export function federationReaderLimits(limits: ServerLimits): FederationReaderLimits {
  return {
    unauthenticated: readerLimitsOf(limits, limits.stanza_size_before_login),
    authenticated: readerLimitsOf(limits, limits.stanza_size),
  };
}

interface StreamSurroundings {
  readonly limits: ServerLimits;
  readonly readerLimits: FederationReaderLimits;
  readonly router: Router;
  readonly clock: Clock;
}

export function federationStreamOptions(
  { limits, readerLimits, router, clock }: StreamSurroundings,
  told: Pick<StreamOptions, "onFailure" | "onClosed">,
): StreamOptions {
  return {
    framing: xmlStream(NAMESPACES.server, ` xmlns:db='${NAMESPACES.dialback}'`),
    limits: readerLimits.unauthenticated,
    flusher: new Flusher(),
    address: () => router.hosts.keys().next().value,
    outboxBytes: limits.outbox_size,
    closeTimeout: limits.close_timeout,
    now: () => clock.now(),
    ...told,
  };
}
