// Exchanging stanzas with other servers: the one place that all their streams, ours and theirs, belong to.
import type { Config } from "../config/config.js";
import type { Clock } from "../extension/clock.js";
import type { Jid } from "../jid/jid.js";
import type { CertificateStore } from "../net/certificates.js";
import type { Locator } from "../net/locator.js";
import type { Transport } from "../net/transport.js";
import type { Trace } from "../observability/trace.js";
import type { Route, Router } from "../routing/router.js";
import type { Stanza } from "../stanza/stanza.js";
import { addTraffic } from "../stanza/traffic.js";
import { Stream } from "../stream/stream.js";
import type { StreamOptions } from "../stream/stream-parts.js";
import { dial, type Dialled } from "./dial.js";
import { closeAll } from "./farewell.js";
import type { FederationParts, ServerLimits } from "./federation-parts.js";
import { Incoming } from "./incoming.js";
import { Journal } from "./journal.js";
import type { Link } from "./link.js";
import { ManagedStreams } from "./managed-streams.js";
import { OpenStreams } from "./open-streams.js";
import type { Outgoing } from "./outgoing.js";
import type { OutgoingJob } from "./outgoing-job.js";
import { Pair } from "./pair.js";
import { type Policy, policyOf } from "./policy.js";
import { asFailure, type FederationFailure } from "./reason.js";
import { reconsider } from "./reconsider.js";
import { RemoteDomain } from "./remote-domain.js";
import { restoreQueues } from "./restore-queues.js";
import type { Spool } from "./spool.js";
import { federationReaderLimits, type FederationReaderLimits, federationStreamOptions } from "./stream-options.js";
import type { Trust } from "./trust.js";
import { Turnstile } from "./turnstile.js";
import { Pool } from "./waiting-stanzas.js";
import { watchOver } from "./watch-over.js";

export class Federation implements Route {
  readonly limits: ServerLimits;
  readonly router: Router;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly trace: Trace;
  readonly locator: Locator;
  readonly certificates: CertificateStore;
  readonly trust: Trust;
  readonly secret: Buffer;
  readonly spool: Spool;
  readonly returnLate: FederationParts["returnLate"];
  readonly readerLimits: FederationReaderLimits;
  readonly streamOptions: StreamOptions;
  /** By name. */
  readonly domains = new Map<string, RemoteDomain>();
  readonly #open = new OpenStreams();
  readonly incoming: ReadonlySet<Incoming> = this.#open.incoming;
  readonly outgoing: ReadonlySet<Outgoing> = this.#open.outgoing;
  readonly managed: ManagedStreams;
  /** What all that waits together may take. */
  readonly pool: Pool;
  isStopping = false;
  #config: Config;
  readonly #dials: Turnstile;
  /** Questions about keys have places of their own: strangers who make us ask must not keep our stanzas waiting. */
  readonly #verifications: Turnstile;
  #stopWatching: () => void = () => undefined;

  /** Sends on what has come from another server. */
  readonly route = (stanza: Stanza): void => this.router.route(stanza);

  constructor(parts: FederationParts) {
    this.#config = parts.config;
    this.limits = parts.limits;
    this.router = parts.router;
    this.clock = parts.clock;
    this.journal = new Journal(parts.log);
    this.trace = parts.trace;
    this.locator = parts.locator;
    this.certificates = parts.certificates;
    this.trust = parts.trust;
    this.secret = parts.secret;
    this.spool = parts.spool;
    this.returnLate = parts.returnLate;
    this.readerLimits = federationReaderLimits(this.limits);
    this.streamOptions = federationStreamOptions(this, {
      onFailure: (error) => this.journal.log.error("stream-failed", { error }),
      onClosed: ({ handler }) => this.#open.forget(handler),
    });
    this.pool = new Pool(this.limits.queues_size);
    this.managed = new ManagedStreams(this.clock, this.limits.resume_time);
    this.#dials = new Turnstile(this.limits.dials);
    this.#verifications = new Turnstile(this.limits.dials);
  }

  /** Takes up what had been waiting when the server stopped; before anything new comes. */
  async start(): Promise<void> {
    await restoreQueues(this);
    this.#stopWatching = this.clock.every(1000, () => watchOver(this));
  }

  /** Sends what had been waiting: once others can connect, for they may ask back. */
  begin(): void {
    for (const domain of this.domains.values()) for (const pair of domain.pairs.values()) pair.begin();
  }

  /** Takes over what the hosts of a new configuration demand of other servers. */
  reconfigure(config: Config): void {
    this.#config = config;
    reconsider(this);
  }

  /** Says goodbye on all streams, once they have confirmed what was sent or a few seconds have passed. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.#stopWatching();
    this.locator.close();
    await closeAll(this);
    await this.#open.closed();
    const pairs = [...this.domains.values()].flatMap((domain) => [...domain.pairs.values()]);
    await Promise.all(pairs.map((pair) => pair.abandon()));
  }

  /** A stanza from a domain of ours to one that is not. */
  receive(stanza: Stanza): void {
    const [to, from] = [stanza.to as Jid, stanza.from as Jid];
    const pair = this.domains.get(to.domain)?.pairs.get(from.domain);
    if (pair !== undefined) pair.send(stanza);
    else this.#receiveFirst(stanza, from.domain, to.domain);
  }

  /** A connection from a listener. */
  accept(transport: Transport): void {
    if (this.isStopping) return transport.destroy();
    const stream = new Stream(transport, this.streamOptions);
    this.#open.incoming.add(new Incoming(stream, this));
    stream.start();
  }

  serves(domain: string): boolean {
    return this.router.serves(domain);
  }

  policy(local: string, remote: string): Policy {
    return policyOf(this.#config, local, remote);
  }

  domain(name: string): RemoteDomain {
    const known = this.domains.get(name);
    if (known !== undefined) return known;
    const { back_off: first, back_off_limit: longest } = this.limits;
    const domain = new RemoteDomain(name, this.clock, { first, longest });
    this.domains.set(name, domain);
    return domain;
  }

  pair(local: string, remote: string): Pair {
    const domain = this.domain(remote);
    const pair = domain.pairs.get(local) ?? new Pair(this, domain, local, remote);
    domain.pairs.set(local, pair);
    return pair;
  }

  /** Opens a stream for a pair. Rejects with a FederationFailure, which is logged. */
  async dial({ local, remote, resumable }: Pair): Promise<Extract<Dialled, { kind: "link" }>> {
    const dialled = await this.#dial({ local, remote, resumable, policy: this.policy(local, remote) });
    if (dialled.kind !== "link") throw new Error("A stream for stanzas has come to a verdict.");
    this.journal.opened(dialled.outgoing);
    return dialled;
  }

  /** Asks the server of `remote` whether a key is its own (XEP-0220 §2.1.2). Rejects with a FederationFailure. */
  async verify(local: string, remote: string, id: string, key: string): Promise<boolean> {
    const dialled = await this.#dial({ local, remote, policy: this.policy(local, remote), verify: { id, key } });
    return dialled.kind === "verdict" && dialled.isValid;
  }

  /** A connection that we have made, as soon as it has a stream. */
  opened(outgoing: Outgoing): void {
    this.#open.outgoing.add(outgoing);
    if (this.isStopping) outgoing.abandon();
  }

  /** The other side of a stream that it opened has proven that it may send for `sender`. */
  proven(incoming: Incoming, sender: string, target: string): void {
    const domain = this.domain(sender);
    this.#open.endOldest(sender, incoming, this.limits.streams_per_domain);
    this.journal.accepted(incoming, sender, target);
    domain.reached();
    for (const pair of domain.pairs.values()) pair.retry();
  }

  /** There is room on the stream again. */
  roomIn(link: Link): void {
    const pair = this.domains.get(link.remote)?.pairs.get(link.local);
    if (pair?.link === link) pair.flush();
  }

  /** A stream that could take or send stanzas is over. `isOurs`: we had opened it, and would open another. */
  ended(link: Link, unsent: readonly Stanza[], failure: FederationFailure, isOurs: boolean): void {
    const { isEndedByPeer } = link.stream;
    link.management?.ended();
    this.journal.closed(link, isOurs ? "out" : "in", failure);
    const domain = this.domain(link.remote);
    addTraffic(domain.traffic, link.traffic);
    if (!isEndedByPeer && !this.isStopping) domain.lastFailure = { failure, at: this.clock.now() };
    domain.pairs.get(link.local)?.ended(link, unsent, isOurs);
  }

  #receiveFirst(stanza: Stanza, local: string, remote: string): void {
    const { refusal } = this.policy(local, remote);
    if (refusal !== undefined) this.router.bounce(stanza, refusal.toStanzaError(remote));
    else this.pair(local, remote).send(stanza);
  }

  #dial(job: OutgoingJob): Promise<Dialled> {
    return (job.verify === undefined ? this.#dials : this.#verifications)
      .pass(() => dial(this, job))
      .catch((error: unknown) => {
        const failure = asFailure(error);
        this.journal.failed(job, failure);
        throw failure;
      });
  }
}
