// An authenticated stream with another server: stanzas are sent on it and come in on it, until one side leaves.
import type { Stanza, StanzaKind } from "../stanza/stanza.js";
import { noTraffic, type Traffic } from "../stanza/traffic.js";
import { HandledStanzas } from "../stream/acknowledgements.js";
import { StreamError } from "../stream/stream-error.js";
import type { Stream } from "../stream/stream.js";
import type { Fragment } from "../xml/fragment.js";
import { NAMESPACES } from "../xml/namespaces.js";
import { AgreedPairs } from "./agreed-pairs.js";
import { ArrivingStanzas } from "./arriving-stanzas.js";
import type { Federation } from "./federation.js";
import { type Management, managementNamespace } from "./management.js";
import { Shaper } from "./shaper.js";

/** How the other side proved who it is. */
export type Proven = "certificate" | "posh" | "dialback" | "dialback with certificate" | "nothing";

const kinds = new Set<string>(["message", "presence", "iq"]);

export class Link {
  management: Management | undefined;
  readonly traffic: Traffic = noTraffic();
  readonly startedAt: number;
  /** Longest stanza that the other side takes, in bytes (XEP-0478). */
  mostBytes = Infinity;
  /** Milliseconds since 1970. */
  lastStanzaAt: number;
  /** When something was last written, the least bit of it; milliseconds since 1970. */
  lastWrittenAt: number;
  /** Since when it takes nothing of what waits to be sent; undefined while it does. */
  stuckSince: number | undefined;
  readonly #shaper: Shaper;
  /** What comes without being acknowledged. */
  readonly #uncounted = new HandledStanzas(() => undefined);
  readonly #agreed = new AgreedPairs();
  readonly #arriving: ArrivingStanzas;
  #isLeaving = false;

  constructor(
    readonly stream: Stream,
    private readonly federation: Federation,
    /** Our domain, and theirs: that of the pair that was agreed on first. */
    readonly local: string,
    readonly remote: string,
  ) {
    const { clock, limits } = federation;
    this.startedAt = this.lastStanzaAt = this.lastWrittenAt = clock.now();
    this.#shaper = new Shaper(stream, limits.rate, clock);
    this.#arriving = new ArrivingStanzas(this, this.#agreed, federation);
  }

  /** What the log and the trace call it. */
  get label(): string {
    return `${this.local} ⇄ ${this.remote}`;
  }

  /** "sender target" of the pairs whose stanzas may come in on this stream. */
  get pairs(): ReadonlySet<string> {
    return this.#agreed.all;
  }

  /** From now on stanzas from this domain to that one are accepted. */
  allow(sender: string, target: string): void {
    this.#agreed.add(sender, target);
  }

  /** Whether the peer should be given time before it gets more. */
  get isFull(): boolean {
    const { outbox_size: room, unacknowledged } = this.federation.limits;
    const waiting = this.management?.sent.length ?? 0;
    return this.#isLeaving || waiting >= unacknowledged || this.stream.outbox.bytes >= room / 2;
  }

  send(stanza: Stanza): void {
    const { trace, clock } = this.federation;
    if (trace.isActive) trace.sent(stanza, this.label);
    this.traffic.sent.count(stanza.kind);
    this.lastStanzaAt = this.lastWrittenAt = clock.now();
    this.management?.count(stanza);
    this.stream.send(stanza);
    this.management?.counted(this.lastWrittenAt);
    if (this.stuckSince === undefined && this.stream.outbox.isBlocked) this.stuckSince = this.lastWrittenAt;
  }

  /** The other side has read all that waited for it. */
  drained(): void {
    this.stuckSince = undefined;
    this.federation.roomIn(this);
  }

  /** A byte that means nothing, so that the network finds out whether the other side is there (RFC 6120 §4.6.1). */
  keepAlive(now: number): void {
    this.lastWrittenAt = now;
    this.stream.keepAlive();
  }

  /**
   * Takes no more stanzas, says how many have arrived once these are on disk, and ends our half of the stream: so both sides
   * know exactly what is to be sent again. The other side has some time to say the same.
   */
  leave(error?: StreamError): void {
    if (!this.#isLeaving) this.#goAfterLast(() => this.stream.finish(error));
  }

  /** The other side leaves: the same, but that nothing more has to be waited for. */
  follow(): void {
    this.#goAfterLast(() => this.stream.close());
  }

  /** Storage is not waited for without end either: what it has not got, the other side is to send again. */
  #goAfterLast(go: () => void): void {
    this.#isLeaving = true;
    const { clock, limits } = this.federation;
    (this.management?.handled ?? this.#uncounted).whenFewer(1, () => {
      this.management?.tell();
      go();
    });
    clock.after(limits.close_timeout, () => this.stream.close());
  }

  /** Handles a stanza or an acknowledgement; false for anything else. */
  take(fragment: Fragment): boolean {
    this.#shaper.spend(fragment.bytes);
    const { namespace } = fragment;
    if (namespace === NAMESPACES.client || namespace === NAMESPACES.server) return this.#takeStanza(fragment);
    if (namespace !== managementNamespace || this.management === undefined) return false;
    const isTaken = this.management.take(fragment);
    if (isTaken && fragment.name === "a") this.federation.roomIn(this);
    return isTaken;
  }

  #takeStanza(fragment: Fragment): boolean {
    if (!kinds.has(fragment.name)) return false;
    if (this.#isLeaving && this.management !== undefined) return true; // the other side knows that it has not arrived
    if (fragment.contentNamespace !== fragment.namespace) throw new StreamError("invalid-namespace");
    this.#arriving.take(fragment, fragment.name as StanzaKind, this.management?.received() ?? this.#uncounted);
    return true;
  }
}
