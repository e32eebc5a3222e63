// The table that makes equal addresses one object, without keeping any of them alive.

/** How many entries each addition looks at to drop those whose value is gone. */
const SWEPT_PER_ADDITION = 2;

/**
 * Values by key, held weakly. There is no FinalizationRegistry behind it (it costs more memory than the entry): every
 * addition looks at a few other entries and drops the dead ones, so a table never has more than about twice the
 * entries that were alive at the last full garbage collection, plus those added since.
 */
export class Interned<Value extends object> {
  readonly #references = new Map<string, WeakRef<Value>>();
  #sweep = this.#references.entries();

  /** The value of the key, if somebody still holds it. */
  get(key: string): Value | undefined {
    return this.#references.get(key)?.deref();
  }

  /** Adds a value, or replaces the one that is gone. */
  add(key: string, value: Value): void {
    this.#references.set(key, new WeakRef(value));
    for (let count = 0; count < SWEPT_PER_ADDITION; count++) this.#sweepOne();
  }

  /** How many entries there are, dead ones included. */
  get size(): number {
    return this.#references.size;
  }

  #sweepOne(): void {
    const next = this.#sweep.next();
    if (next.done) this.#sweep = this.#references.entries();
    else if (next.value[1].deref() === undefined) this.#references.delete(next.value[0]);
  }
}
