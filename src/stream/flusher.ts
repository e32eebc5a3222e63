// Decides when outboxes are written: at the end of the read that filled them, or at the end of the event loop's turn.

export interface Flushable {
  /** When it was last flushed by a read, in milliseconds since 1970. */
  flushedAt: number;
  flush(): void;
}

/**
 * Outboxes that are written in one go: a write takes some ten microseconds, and meanwhile nobody else is heard. Parts have
 * their price: with 250, a copy for 500 occupants over TLS was measured to cost a sixth more.
 */
const mostAtOnce = 1000;
/** Those that a read takes along at its end, because they are few. */
const mostTakenAlong = 50;

/**
 * A read that brings stanzas for somebody ends with the write to them, so that an answer leaves before the next socket is
 * looked at: it costs a third less than to wait for the end of the turn, and is sooner there. But somebody who was
 * written to within the same millisecond waits for the end of the turn: what many send to one goes out in few writes. And
 * what one says to thousands goes out in parts, with a look at the other sockets in between.
 */
export class Flusher {
  /** Those that the present read has brought something for. */
  #fresh: Flushable[] = [];
  /** Those that wait for the end of the turn, or for a later one. */
  #late: Flushable[] = [];
  #isReading = false;
  #isScheduled = false;
  readonly #flushLate = (): void => {
    this.#isScheduled = false;
    const part = this.#late.splice(0, mostAtOnce);
    this.#schedule();
    for (const outbox of part) outbox.flush();
  };

  add(outbox: Flushable): void {
    if (this.#isReading) this.#fresh.push(outbox);
    else this.#delay(outbox);
  }

  beginRead(): void {
    this.#isReading = true;
  }

  /** `now`: milliseconds since 1970. */
  endRead(now: number): void {
    this.#isReading = false;
    if (this.#fresh.length > 0) this.#flushRested(now);
  }

  #flushRested(now: number): void {
    const fresh = this.#fresh;
    this.#fresh = [];
    if (this.#late.length > 0 && this.#late.length <= mostTakenAlong) fresh.push(...this.#late.splice(0));
    let flushed = 0;
    for (const outbox of fresh) {
      if (outbox.flushedAt === now || flushed === mostAtOnce) {
        this.#delay(outbox);
        continue;
      }
      outbox.flushedAt = now;
      outbox.flush();
      flushed += 1;
    }
  }

  #delay(outbox: Flushable): void {
    this.#late.push(outbox);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#late.length === 0) return;
    this.#isScheduled = true;
    setImmediate(this.#flushLate);
  }
}
