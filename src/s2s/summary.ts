// What there is to tell of federation at this moment, in plain values: for the command line and the metrics.
import type { Federation } from "./federation.js";
import { Incoming } from "./incoming.js";
import type { Link } from "./link.js";
import type { Outgoing } from "./outgoing.js";
import type { RemoteDomain } from "./remote-domain.js";
import { addTraffic, noTraffic, type Traffic } from "../stanza/traffic.js";

export interface StreamSummary {
  readonly local: string;
  readonly remote: string;
  /** out: we have opened it. */
  readonly direction: "in" | "out";
  /** "open" once stanzas may flow. */
  readonly state: "open" | "negotiating" | "closing";
  readonly address: string;
  /** "TLSv1.3 …"; null in clear. */
  readonly encryption: string | null;
  /** How they proved who they are to us, and we to them. "nothing": not asked for, as for who only sends. */
  readonly theyProved: string;
  readonly weProved: string;
  readonly isBidirectional: boolean;
  readonly isManaged: boolean;
  readonly received: number;
  readonly sent: number;
  /** Stanzas sent and not acknowledged. */
  readonly unacknowledged: number;
  /** Bytes that wait to be sent, about. */
  readonly outbox: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number | null;
  readonly lastStanzaAt: number | null;
}

export interface QueueSummary {
  readonly local: string;
  readonly remote: string;
  readonly stanzas: number;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly oldestSince: number | null;
  readonly isConnecting: boolean;
}

export interface DomainSummary {
  readonly domain: string;
  readonly failures: number;
  readonly bounced: number;
  /** Milliseconds until the next attempt may begin. */
  readonly pause: number;
  readonly lastFailure: {
    readonly reason: string;
    readonly text: string;
    readonly advice: string;
    readonly at: number;
  } | null;
}

export interface FederationSummary {
  readonly streams: readonly StreamSummary[];
  readonly queues: readonly QueueSummary[];
  readonly domains: readonly DomainSummary[];
}

/** `remote`: only of this domain. */
export function summaryOf(federation: Federation, remote?: string): FederationSummary {
  const isWanted = (name: string): boolean => remote === undefined || name === remote;
  const streams = [...federation.outgoing, ...federation.incoming].map(streamSummary);
  const domains = [...federation.domains.values()].filter(({ name }) => isWanted(name));
  return {
    streams: streams.filter((each) => isWanted(each.remote)),
    queues: domains.flatMap(queuesOf).filter(({ stanzas, isConnecting }) => stanzas > 0 || isConnecting),
    domains: domains.map(domainSummary),
  };
}

/** Stanzas of all streams with a domain, since the start or since the domain was last forgotten. */
export function trafficWith(federation: Federation, domain: RemoteDomain): Traffic {
  const sum = noTraffic();
  addTraffic(sum, domain.traffic);
  for (const { link, stream } of [...federation.outgoing, ...federation.incoming]) {
    if (link?.remote === domain.name && !stream.isClosing) addTraffic(sum, link.traffic);
  }
  return sum;
}

function streamSummary(side: Outgoing | Incoming): StreamSummary {
  const { stream, link, isBidirectional } = side;
  const { tls, remoteAddress } = stream.transport;
  return {
    ...partiesOf(side),
    state: stream.isClosing ? "closing" : link === undefined ? "negotiating" : "open",
    address: remoteAddress,
    encryption: tls === undefined ? null : `${tls.protocol} ${tls.cipher}`,
    isBidirectional,
    ...countsOf(link),
    outbox: stream.outbox.bytes,
  };
}

type Parties = Pick<StreamSummary, "local" | "remote" | "direction" | "theyProved" | "weProved">;

function partiesOf(side: Outgoing | Incoming): Parties {
  if (!(side instanceof Incoming)) {
    const { local, remote } = side.job;
    return { local, remote, direction: "out", theyProved: side.theirProof.by, weProved: side.ourProof };
  }
  const { local = "", remote = "", provenBy } = side;
  return { local, remote, direction: "in", theyProved: provenBy, weProved: "nothing" };
}

type Counts = Omit<StreamSummary, keyof Parties | "state" | "address" | "encryption" | "isBidirectional" | "outbox">;

function countsOf(link: Link | undefined): Counts {
  return {
    isManaged: link?.management !== undefined,
    received: link?.traffic.received.total ?? 0,
    sent: link?.traffic.sent.total ?? 0,
    unacknowledged: link?.management?.sent.length ?? 0,
    startedAt: link?.startedAt ?? null,
    lastStanzaAt: link?.lastStanzaAt ?? null,
  };
}

function queuesOf({ pairs }: RemoteDomain): QueueSummary[] {
  return [...pairs.values()].map(({ local, remote, waiting, isDialling }) => ({
    local,
    remote,
    stanzas: waiting.length,
    bytes: waiting.bytes,
    oldestSince: waiting.oldestSince ?? null,
    isConnecting: isDialling,
  }));
}

function domainSummary({ name, failures, bounced, pause, lastFailure }: RemoteDomain): DomainSummary {
  if (lastFailure === undefined) return { domain: name, failures, bounced, pause, lastFailure: null };
  const { failure, at } = lastFailure;
  const told = { reason: failure.code, text: failure.message, advice: failure.reason.advice, at };
  return { domain: name, failures, bounced, pause, lastFailure: told };
}
