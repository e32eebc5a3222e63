// Decides when outboxes are written: at the end of the read that filled them, or at the end of the event loop's turn.

export interface Flushable {
  /** When it was last flushed by a read, in milliseconds since 1970. */
  flushedAt: number;
  flush(): void;
}

/**
 * A read that brings stanzas for somebody ends with the write to them, so that an answer leaves before the next socket is
 * looked at: it costs a third less than to wait for the end of the turn, and is sooner there. But somebody who was
 * written to within the same millisecond waits for the end of the turn: what many send to one goes out in few writes.
 */
export class Flusher {
  #dirty: Flushable[] = [];
  #isReading = false;
  readonly #flushAll = (): void => {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const outbox of dirty) outbox.flush();
  };

  add(outbox: Flushable): void {
    if (this.#dirty.push(outbox) === 1 && !this.#isReading) setImmediate(this.#flushAll);
  }

  beginRead(): void {
    this.#isReading = true;
  }

  /** `now`: milliseconds since 1970. */
  endRead(now: number): void {
    this.#isReading = false;
    if (this.#dirty.length > 0) this.#flushRested(now);
  }

  #flushRested(now: number): void {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const outbox of dirty) {
      if (outbox.flushedAt === now) this.add(outbox);
      else {
        outbox.flushedAt = now;
        outbox.flush();
      }
    }
  }
}
