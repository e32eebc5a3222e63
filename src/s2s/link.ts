// The stanzas of an authenticated stream with another server: those that come are checked and go on, others are sent.
import { Jid, JidMalformed } from "../jid/jid.js";
import { checkStanza } from "../stanza/check.js";
import { StanzaError } from "../stanza/stanza-error.js";
import { Stanza, type StanzaKind } from "../stanza/stanza.js";
import { HandledStanzas } from "../stream/acknowledgements.js";
import type { Stream } from "../stream/stream.js";
import { ourLanguage } from "../stream/framing.js";
import { StreamError } from "../stream/stream-error.js";
import type { Fragment } from "../xml/fragment.js";
import { NAMESPACES } from "../xml/namespaces.js";
import type { Federation } from "./federation.js";
import { type Management, managementNamespace } from "./management.js";
import { Shaper } from "./shaper.js";
import { noTraffic, type Traffic } from "../stanza/traffic.js";

/** How the other side proved who it is. */
export type Proven = "certificate" | "posh" | "dialback" | "dialback with certificate" | "nothing";

/** Stanzas of one stream that may be waiting for storage at one time. */
const mostOpen = 500;

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
  /** "sender target" of the pairs whose stanzas may come in on this stream. */
  readonly #pairs = new Set<string>();
  #lastSender = "";
  #lastTarget = "";
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
  }

  /** What the log and the trace call it. */
  get label(): string {
    return `${this.local} ⇄ ${this.remote}`;
  }

  get pairs(): ReadonlySet<string> {
    return this.#pairs;
  }

  /** From now on stanzas from this domain to that one are accepted. */
  allow(sender: string, target: string): void {
    this.#pairs.add(`${sender} ${target}`);
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
    const { federation } = this;
    const handled = this.management?.received() ?? this.#uncounted;
    handled.add();
    const stanza = this.#stanzaOf(fragment, fragment.name as StanzaKind);
    if (stanza === undefined) return true;
    if (federation.trace.isActive) federation.trace.received(stanza, this.label);
    this.traffic.received.count(stanza.kind);
    federation.router.custody.of(handled, federation.route, stanza);
    if (handled.open >= mostOpen) this.#waitFor(handled);
    return true;
  }

  /** Nothing more is read until storage has caught up: an account that is being read has room for so many stanzas only. */
  #waitFor(handled: HandledStanzas): void {
    this.stream.pause();
    handled.whenFewer(mostOpen / 2, () => this.stream.resume());
  }

  /** RFC 6120 §8.1.1.2, §8.1.2.2: between servers both addresses are there, and the sender's domain is one that was proven. */
  #stanzaOf(fragment: Fragment, kind: StanzaKind): Stanza | undefined {
    this.lastStanzaAt = this.stream.lastReceivedAt;
    if (fragment.to === undefined || fragment.from === undefined) throw new StreamError("improper-addressing");
    const from = senderOf(fragment.from);
    // RFC 6120 §8.1.5: what says no language of its own has that of the stream; on our streams that is English anyway
    const { lang: usual } = this.stream;
    const lang = fragment.lang ?? (kind === "iq" || usual === ourLanguage ? undefined : usual);
    const to = this.#targetOf(fragment.to, from);
    const stanza = Stanza.received(kind, fragment, to, from, lang);
    if (to === undefined) return this.#bounce(stanza, new StanzaError("jid-malformed"));
    if (from.domain !== this.#lastSender || to.domain !== this.#lastTarget) this.#checkPair(from, to);
    return kind === "message" ? stanza : this.#checked(stanza);
  }

  /** Undefined for what is no address, of a sender who is who they say. */
  #targetOf(to: string, from: Jid): Jid | undefined {
    try {
      return Jid.parse(to);
    } catch (error) {
      if (!(error instanceof JidMalformed)) throw error;
      if (this.#isProven(from.domain)) return undefined;
      throw new StreamError("invalid-from");
    }
  }

  #checkPair(from: Jid, to: Jid): void {
    if (!this.#pairs.has(`${from.domain} ${to.domain}`)) this.#refuseForged(from, to);
    this.#lastSender = from.domain;
    this.#lastTarget = to.domain;
  }

  /** RFC 6120 §4.9.3.9, §4.9.3.6: a stanza of a pair that was not agreed on for this stream. */
  #refuseForged(from: Jid, to: Jid): never {
    this.federation.journal.forged(this, from, to);
    if (this.#isProven(from.domain) && !this.federation.serves(to.domain))
      throw new StreamError("host-unknown", `${to.domain} is not served here.`);
    throw new StreamError("invalid-from", `This stream is not for stanzas from ${from.domain} to ${to.domain}.`);
  }

  #isProven(sender: string): boolean {
    return [...this.#pairs].some((pair) => pair.startsWith(`${sender} `));
  }

  #checked(stanza: Stanza): Stanza | undefined {
    try {
      checkStanza(stanza);
      return stanza;
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      return this.#bounce(stanza, error);
    }
  }

  /** An error needs a sender: where the stanza's target is no address, it is the domain that the stream is for. */
  #bounce(stanza: Stanza, error: StanzaError): undefined {
    const target = [...this.#pairs].find((pair) => pair.startsWith(`${stanza.from?.domain ?? ""} `))?.split(" ")[1];
    const addressed = stanza.to === undefined && target !== undefined ? stanza.readdressed(Jid.parse(target)) : stanza;
    this.federation.router.bounce(addressed, error);
    return undefined;
  }
}

function senderOf(from: string): Jid {
  try {
    return Jid.parse(from);
  } catch (error) {
    if (error instanceof JidMalformed) throw new StreamError("improper-addressing", "The sender is no address.");
    throw error;
  }
}
