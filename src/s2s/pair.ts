// What goes from one domain of ours to one other domain: in order, on one stream at a time, waiting while there is none.
import type { Stanza } from "../stanza/stanza.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Federation } from "./federation.js";
import type { Link } from "./link.js";
import type { Management } from "./management.js";
import type { Outgoing, OutgoingResult } from "./outgoing.js";
import { isBroken } from "./broken.js";
import { FederationFailure } from "./reason.js";
import type { RemoteDomain } from "./remote-domain.js";
import { isLasting } from "./spool.js";
import { type Waiting, WaitingStanzas } from "./waiting-stanzas.js";

/** Milliseconds after which what waits is kept on disk. */
const keptAfter = 1_000;
/** Stanzas that are marked as about to be sent at a time. */
const mostMarked = 500;

/** A stream that was lost and may be gone on with. */
interface Suspended {
  readonly management: Management;
  /** We had opened it, so we go on with it; else the other side will. */
  readonly isOurs: boolean;
  /** What is known never to have been sent. */
  readonly unsent: ReadonlySet<Stanza>;
  /** Milliseconds since 1970. */
  readonly until: number;
}

export class Pair {
  readonly waiting: WaitingStanzas;
  link: Link | undefined;
  #suspended: Suspended | undefined;
  #isDialling = false;
  /** While what waits is being marked as about to be sent. */
  #marking: Promise<void> | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(
    private readonly federation: Federation,
    readonly domain: RemoteDomain,
    readonly local: string,
    readonly remote: string,
  ) {
    const { queue_stanzas: stanzas, queue_size: bytes } = federation.limits;
    this.waiting = new WaitingStanzas(stanzas, bytes, federation.pool);
  }

  get isIdle(): boolean {
    return this.link === undefined && this.waiting.length === 0 && !this.#isDialling && this.#suspended === undefined;
  }

  get isDialling(): boolean {
    return this.#isDialling;
  }

  /** What a new stream may go on with. */
  get resumable(): Management | undefined {
    return this.#suspended?.management;
  }

  send(stanza: Stanza): void {
    const { link } = this;
    if (link === undefined || this.waiting.length > 0 || link.isFull) return this.#wait(stanza);
    this.#sendBy(link, stanza);
  }

  /** There is room on the stream, or there is a stream. */
  flush(): void {
    const { link } = this;
    if (link === undefined || this.#marking !== undefined) return;
    const { spool, isStopping } = this.federation;
    // When the server stops, what waits goes on waiting, so that what has been sent can be confirmed.
    if (isStopping) return;
    this.waiting.release(
      (stanza) => this.link === link && !link.isFull && spool.mayGo(stanza),
      (stanza) => this.#sendWaited(link, stanza),
    );
    const [next] = this.waiting.first(1);
    if (next !== undefined && !spool.mayGo(next)) this.#mark(this.waiting.first(mostMarked));
  }

  /** A stream that the other side has opened will take our stanzas too (XEP-0288). False: we have one, thank you. */
  adopt(link: Link): boolean {
    if (this.link !== undefined) return false;
    if (this.#suspended !== undefined && this.#suspended.management !== link.management) this.#settle(this.#suspended);
    this.#begin(link, false);
    return true;
  }

  /** The stream is over. */
  ended(link: Link, unsent: readonly Stanza[], isOurs: boolean): void {
    if (this.link !== link) return;
    this.link = undefined;
    const { management } = link;
    if (management === undefined) return this.#again(unsent);
    const until = this.federation.clock.now() + this.federation.limits.resume_time;
    const suspended = { management, isOurs, unsent: new Set(unsent), until };
    if (management.id !== undefined && isBroken(link.stream)) this.#suspended = suspended;
    else this.#settle(suspended, isToldExactly(link));
    if (this.#suspended !== undefined || this.waiting.length > 0) this.#dial();
  }

  /** Waits as if it had come just now: for what was kept on disk. False when there is no room. */
  restore(stanza: Stanza): boolean {
    return this.waiting.restore(stanza, this.federation.clock.now());
  }

  /** Opens a stream if anything waits for one. */
  begin(): void {
    if (this.link === undefined && this.waiting.length > 0) this.#dial();
  }

  /** Once a second or so: what has waited too long goes back, a stream that nobody goes on with is given up. */
  tick(now: number): void {
    this.#keepOlder(now - keptAfter);
    if (this.#suspended !== undefined && now >= this.#suspended.until) this.#giveUp(this.#suspended);
    const deadline = now - this.federation.limits.queue_time;
    if ((this.waiting.oldestSince ?? Infinity) >= deadline) return;
    const failure = this.domain.failure ?? new FederationFailure("queue-timeout", "No stream could be opened in time.");
    for (const stanza of this.waiting.take(deadline)) this.#refuse(stanza, failure);
  }

  /** The other side has shown that it is there: no reason to wait any longer. */
  retry(): void {
    if (this.#cancelRetry === undefined) return;
    this.#forgetRetry();
    this.#dial();
  }

  /** The configuration is another: what must not go any more comes back, the rest is tried at once. */
  reconsider(): void {
    const { refusal } = this.federation.policy(this.local, this.remote);
    if (refusal === undefined) return this.retry();
    if (this.#suspended !== undefined) this.#settle(this.#suspended);
    for (const stanza of this.waiting.take()) this.#refuse(stanza, refusal);
  }

  /** The server stops: resolves when all that waits, and what may have arrived or not, is kept for the next start. */
  async abandon(): Promise<void> {
    this.#forgetRetry();
    await this.#marking;
    const { spool } = this.federation;
    const keep = ({ stanza, since }: Waiting): Promise<void> | undefined =>
      isLasting(stanza) ? spool.keep(stanza, this.local, this.remote, since) : undefined;
    const now = this.federation.clock.now();
    const uncertain = (this.#suspended?.management.sent.unacknowledged ?? []).filter(isLasting);
    await Promise.all([
      ...uncertain.map((stanza) => keep({ stanza, since: now })),
      ...Array.from(this.waiting.all(), keep),
    ]);
    if (uncertain.length > 0) await spool.mark(uncertain);
    await spool.unmark(Array.from(this.waiting.all(), ({ stanza }) => stanza));
  }

  /** Nobody knows how long it will have to wait yet: it is put where a crash does not reach it. */
  #keepOlder(time: number): void {
    const { spool } = this.federation;
    for (const { stanza, since } of this.waiting.before(time)) {
      if (!isLasting(stanza) || spool.has(stanza)) continue;
      spool.keep(stanza, this.local, this.remote, since).catch((error: unknown) => this.#fault(error));
    }
  }

  #mark(stanzas: readonly Stanza[]): void {
    this.#marking = this.federation.spool
      .mark(stanzas)
      .finally(() => (this.#marking = undefined))
      .then(() => this.flush())
      .catch((error: unknown) => this.#fault(error));
  }

  /** What is kept on disk is removed once it has arrived, as far as that is told. */
  #sendWaited(link: Link, stanza: Stanza): void {
    const { spool } = this.federation;
    this.#sendBy(link, stanza);
    if (!spool.has(stanza)) return;
    if (link.management !== undefined) link.management.sent.onHandled = (handled) => spool.forget(handled);
    else link.stream.outbox.flushed().then((isSent) => isSent && spool.forget(stanza), (error: unknown) => this.#fault(error)); // prettier-ignore
  }

  #fault(error: unknown): void {
    this.federation.journal.log.error("s2s-fault", { local: this.local, remote: this.remote, error });
  }

  #sendBy(link: Link, stanza: Stanza): void {
    if (stanza.body.content.length <= link.mostBytes) return link.send(stanza);
    this.federation.spool.forget(stanza);
    const text = `The server of ${this.remote} takes stanzas of at most ${link.mostBytes} bytes (stanza-too-large).`;
    this.federation.router.bounce(stanza, new StanzaError("policy-violation", { text }));
  }

  #wait(stanza: Stanza): void {
    const { domain, federation } = this;
    const isHopeless = this.link === undefined && domain.failure?.reason.isLasting === true && domain.isBackingOff;
    if (isHopeless && domain.failure !== undefined) return this.#refuse(stanza, domain.failure);
    if (!this.waiting.add(stanza, federation.clock.now())) {
      return this.#refuse(stanza, new FederationFailure("queue-full", "Too much is waiting for that server already."));
    }
    if (this.link === undefined) this.#dial();
  }

  #dial(): void {
    const isTheirTurn = this.#suspended?.isOurs === false;
    if (this.#isDialling || isTheirTurn || this.#cancelRetry !== undefined || this.federation.isStopping) return;
    const pause = this.domain.pause;
    if (pause > 0) return this.#retryAfter(pause);
    this.#isDialling = true;
    this.federation
      .dial(this)
      .then((result) => this.#dialled(result))
      .catch((error: unknown) => this.#failed(error))
      .catch((error: unknown) => this.#fault(error));
  }

  #dialled({ outgoing, isResumed }: { readonly outgoing: Outgoing } & Extract<OutgoingResult, { kind: "link" }>): void {
    this.#isDialling = false;
    const { link } = outgoing;
    if (link === undefined) return;
    if (this.#suspended !== undefined && !isResumed) this.#settle(this.#suspended, this.#suspended.management.isExact);
    this.#suspended = undefined;
    if (this.link === undefined) this.#begin(link, true);
    else if (!outgoing.isBidirectional) outgoing.stream.close(); // the other side's stream was sooner there
  }

  #failed(error: unknown): void {
    this.#isDialling = false;
    const failure = this.domain.failed(error);
    if (this.link !== undefined) return;
    if (failure.reason.isLasting) {
      if (this.#suspended !== undefined) this.#settle(this.#suspended);
      for (const stanza of this.waiting.take()) this.#refuse(stanza, failure);
    } else if (this.waiting.length > 0 || this.#suspended !== undefined) this.#retryAfter(this.domain.pause);
  }

  #begin(link: Link, isOurs: boolean): void {
    this.#forgetRetry();
    this.#suspended = undefined;
    this.link = link;
    this.domain.reached();
    // It may have ended in the same breath in which it was agreed on.
    if (link.stream.isClosing) this.ended(link, [], isOurs);
    else this.flush();
  }

  #retryAfter(pause: number): void {
    this.#cancelRetry = this.federation.clock.after(pause, () => {
      this.#cancelRetry = undefined;
      if (this.link === undefined && (this.waiting.length > 0 || this.#suspended !== undefined)) this.#dial();
    });
  }

  #forgetRetry(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }

  #giveUp(suspended: Suspended): void {
    this.#settle(suspended);
    if (this.link === undefined && this.waiting.length > 0) this.#dial();
  }

  /** What was never sent goes to the head of the queue. */
  #again(stanzas: readonly Stanza[]): void {
    this.waiting.putBack(stanzas, this.federation.clock.now());
    if (this.waiting.length > 0) this.#dial();
  }

  /** A stream that will not be gone on with: what may have arrived is returned, unless it can do no harm twice. */
  #settle({ management, unsent }: Suspended, isExact = false): void {
    this.#suspended = undefined;
    const again: Stanza[] = [];
    for (const stanza of management.sent.unacknowledged) {
      if (isExact || unsent.has(stanza) || isHarmlessTwice(stanza)) again.push(stanza);
      else
        this.#refuse(stanza, new FederationFailure("fate-unknown", "The connection was lost before it was confirmed."));
    }
    this.waiting.putBack(again, this.federation.clock.now());
    this.federation.spool.unmark(again).catch((error: unknown) => this.#fault(error));
  }

  #refuse(stanza: Stanza, failure: FederationFailure): void {
    this.domain.bounced += 1;
    this.federation.spool.forget(stanza);
    const error = failure.toStanzaError(this.remote);
    if (!this.federation.isStopping) return this.federation.router.bounce(stanza, error);
    this.federation.returnLate(stanza, error).catch((fault: unknown) => this.#fault(fault));
  }
}

/** Who allows resumption and closes in order says right before how far it has come: what is not in that, it has not handled. */
function isToldExactly({ stream, management }: Link): boolean {
  return stream.isEndedByPeer && management?.id !== undefined && management.isUpToDate;
}

/** Presence says how things are, an answer that comes twice is ignored, and to ask twice changes nothing. */
function isHarmlessTwice({ kind, type }: Stanza): boolean {
  return kind === "presence" || (kind === "iq" && type !== "set");
}
