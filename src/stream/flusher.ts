// Flushes outboxes once per turn of the event loop, after all the reads of the turn have been handled.

export interface Flushable {
  flush(): void;
}

export class Flusher {
  #dirty: Flushable[] = [];
  readonly #run = (): void => {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const outbox of dirty) outbox.flush();
  };

  add(outbox: Flushable): void {
    if (this.#dirty.push(outbox) === 1) setImmediate(this.#run);
  }
}
