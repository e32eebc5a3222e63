// What of a pair's queue is on disk: whatever has waited for long, until it has arrived or gone back.
import type { Stanza } from "../stanza/stanza.js";
import type { Federation } from "./federation.js";
import type { Link } from "./link.js";
import type { Pair } from "./pair.js";
import { isLasting, type Spool } from "./spool.js";

/** Milliseconds after which what waits is kept on disk. */
const keptAfter = 1_000;
/** Stanzas that are marked as about to be sent at a time. */
const mostMarked = 500;

export class KeptQueue {
  readonly #spool: Spool;
  /** While what waits is being marked as about to be sent. */
  marking: Promise<void> | undefined;

  constructor(
    private readonly pair: Pair,
    private readonly federation: Federation,
  ) {
    this.#spool = federation.spool;
  }

  /** Nobody knows how long it will have to wait yet: it is put where a crash does not reach it. */
  keepOlder(now: number): void {
    for (const { stanza, since } of this.pair.waiting.before(now - keptAfter)) {
      if (!isLasting(stanza) || this.#spool.has(stanza)) continue;
      this.#keep(stanza, since).catch((error: unknown) => this.pair.fault(error));
    }
  }

  /** Marks what is next, if it must not be sent before; then the pair sends on. */
  markNext(): void {
    const { waiting } = this.pair;
    const [next] = waiting.first(1);
    if (next === undefined || this.#spool.mayGo(next)) return;
    this.marking = this.#spool
      .mark(waiting.first(mostMarked))
      .finally(() => (this.marking = undefined))
      .then(() => this.pair.flush())
      .catch((error: unknown) => this.pair.fault(error));
  }

  /** What is kept is removed once it has arrived, as far as that is told. */
  sent(stanza: Stanza, { management, stream }: Link): void {
    const spool = this.#spool;
    if (!spool.has(stanza)) return;
    if (management !== undefined) management.sent.onHandled = (handled) => spool.forget(handled);
    else stream.outbox.flushed().then((isSent) => isSent && spool.forget(stanza), (error: unknown) => this.pair.fault(error)); // prettier-ignore
  }

  /** Resolves when all that waits, and `uncertain`, which may have arrived or not, is kept for the next start. */
  async keepAll(uncertain: readonly Stanza[]): Promise<void> {
    const { waiting } = this.pair;
    const now = this.federation.clock.now();
    const lasting = uncertain.filter(isLasting);
    await Promise.all([
      ...lasting.map((stanza) => this.#keep(stanza, now)),
      ...Array.from(waiting.all(), ({ stanza, since }) => isLasting(stanza) && this.#keep(stanza, since)),
    ]);
    if (lasting.length > 0) await this.#spool.mark(lasting);
    await this.#spool.unmark(Array.from(waiting.all(), ({ stanza }) => stanza));
  }

  #keep(stanza: Stanza, since: number): Promise<void> {
    return this.#spool.keep(stanza, this.pair.local, this.pair.remote, since);
  }
}
