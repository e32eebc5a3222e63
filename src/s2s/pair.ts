// What goes from one domain of ours to one other domain: in order, on one stream at a time, waiting while there is none.
import type { Stanza } from "../stanza/stanza.js";
import { StanzaError } from "../stanza/stanza-error.js";
import { Attempts } from "./attempts.js";
import type { Dialled } from "./dial.js";
import type { Federation } from "./federation.js";
import { KeptQueue } from "./kept-queue.js";
import type { Link } from "./link.js";
import { LostStream } from "./lost-stream.js";
import type { Management } from "./management.js";
import { FederationFailure } from "./reason.js";
import type { RemoteDomain } from "./remote-domain.js";
import { WaitingStanzas } from "./waiting-stanzas.js";

export class Pair {
  readonly waiting: WaitingStanzas;
  link: Link | undefined;
  readonly #lost: LostStream;
  readonly #attempts: Attempts;
  readonly #kept: KeptQueue;

  constructor(
    private readonly federation: Federation,
    readonly domain: RemoteDomain,
    readonly local: string,
    readonly remote: string,
  ) {
    const { queue_stanzas: stanzas, queue_size: bytes } = federation.limits;
    this.waiting = new WaitingStanzas(stanzas, bytes, federation.pool);
    this.#lost = new LostStream(federation, {
      again: (lost) => this.#putBack(lost),
      refuse: (stanza, failure) => this.#refuse(stanza, failure),
    });
    this.#attempts = new Attempts(this, federation);
    this.#kept = new KeptQueue(this, federation);
  }

  get isIdle(): boolean {
    return this.link === undefined && !this.#isInNeed && !this.isDialling;
  }

  get isDialling(): boolean {
    return this.#attempts.isUnderWay;
  }

  /** What a new stream may go on with. */
  get resumable(): Management | undefined {
    return this.#lost.management;
  }

  get #isInNeed(): boolean {
    return this.waiting.length > 0 || this.#lost.management !== undefined;
  }

  send(stanza: Stanza): void {
    const { link } = this;
    if (link === undefined || this.waiting.length > 0 || link.isFull) return this.#wait(stanza);
    this.#sendBy(link, stanza);
  }

  /** There is room on the stream, or there is a stream. */
  flush(): void {
    const { link } = this;
    if (link === undefined || this.#kept.marking !== undefined) return;
    const { spool, isStopping } = this.federation;
    // When the server stops, what waits goes on waiting, so that what has been sent can be confirmed.
    if (isStopping) return;
    this.waiting.release(
      (stanza) => this.link === link && !link.isFull && spool.mayGo(stanza),
      (stanza) => {
        this.#sendBy(link, stanza);
        this.#kept.sent(stanza, link);
      },
    );
    this.#kept.markNext();
  }

  /** A stream that the other side has opened will take our stanzas too (XEP-0288). False: we have one, thank you. */
  adopt(link: Link): boolean {
    if (this.link !== undefined) return false;
    if (this.#lost.management !== link.management) this.#lost.settle();
    this.#begin(link, false);
    return true;
  }

  /** An attempt has come to a stream. */
  dialled({ outgoing, isResumed }: Extract<Dialled, { kind: "link" }>): void {
    const { link } = outgoing;
    if (link === undefined) return;
    if (!isResumed) this.#lost.settle(this.#lost.management?.isExact);
    this.#lost.forget();
    if (this.link === undefined) this.#begin(link, true);
    else if (!outgoing.isBidirectional) outgoing.stream.close(); // the other side's stream was sooner there
  }

  /** An attempt has come to nothing. */
  failed(error: unknown): void {
    const failure = this.domain.failed(error);
    if (this.link !== undefined) return;
    if (failure.reason.isLasting) this.#refuseAll(failure);
    else if (this.#isInNeed) this.#attempts.pause();
  }

  /** The stream is over. */
  ended(link: Link, unsent: readonly Stanza[], isOurs: boolean): void {
    if (this.link !== link) return;
    this.link = undefined;
    if (link.management === undefined) this.waiting.putBack(unsent, this.federation.clock.now());
    else this.#lost.over(link, link.management, unsent, isOurs);
    this.begin();
  }

  /** Waits as if it had come just now: for what was kept on disk. False when there is no room. */
  restore(stanza: Stanza): boolean {
    return this.waiting.restore(stanza, this.federation.clock.now());
  }

  /** Opens a stream if there is none and something needs one. */
  begin(): void {
    if (this.link === undefined && this.#isInNeed) this.#dial();
  }

  /** Once a second or so: what has waited too long goes back, a stream that nobody goes on with is given up. */
  tick(now: number): void {
    this.#kept.keepOlder(now);
    if (this.#lost.isGivenUp(now)) {
      this.#lost.settle();
      this.begin();
    }
    const deadline = now - this.federation.limits.queue_time;
    if ((this.waiting.oldestSince ?? Infinity) >= deadline) return;
    const failure = this.domain.failure ?? new FederationFailure("queue-timeout", "No stream could be opened in time.");
    for (const stanza of this.waiting.take(deadline)) this.#refuse(stanza, failure);
  }

  /** The other side has shown that it is there: no reason to wait any longer. */
  retry(): void {
    if (this.#attempts.forgetPause()) this.#dial();
  }

  /** The configuration is another: what must not go any more comes back, the rest is tried at once. */
  reconsider(): void {
    const { refusal } = this.federation.policy(this.local, this.remote);
    if (refusal === undefined) this.retry();
    else this.#refuseAll(refusal);
  }

  /** The server stops: resolves when all that waits, and what may have arrived or not, is kept for the next start. */
  async abandon(): Promise<void> {
    this.#attempts.forgetPause();
    await this.#kept.marking;
    await this.#kept.keepAll(this.#lost.management?.sent.unacknowledged ?? []);
  }

  fault(error: unknown): void {
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
    if (!this.#lost.isTheirs && !this.federation.isStopping) this.#attempts.begin();
  }

  #begin(link: Link, isOurs: boolean): void {
    this.#attempts.forgetPause();
    this.#lost.forget();
    this.link = link;
    this.domain.reached();
    // It may have ended in the same breath in which it was agreed on.
    if (link.stream.isClosing) this.ended(link, [], isOurs);
    else this.flush();
  }

  /** What has not arrived goes to the head of the queue. */
  #putBack(stanzas: readonly Stanza[]): void {
    this.waiting.putBack(stanzas, this.federation.clock.now());
    this.federation.spool.unmark(stanzas).catch((error: unknown) => this.fault(error));
  }

  #refuseAll(failure: FederationFailure): void {
    this.#lost.settle();
    for (const stanza of this.waiting.take()) this.#refuse(stanza, failure);
  }

  #refuse(stanza: Stanza, failure: FederationFailure): void {
    this.domain.bounced += 1;
    this.federation.spool.forget(stanza);
    const error = failure.toStanzaError(this.remote);
    if (!this.federation.isStopping) return this.federation.router.bounce(stanza, error);
    this.federation.returnLate(stanza, error).catch((fault: unknown) => this.fault(fault));
  }
}
