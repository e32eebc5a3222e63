// One after the other: for what must not overtake what came before, such as a change and the question for its result.

/** Runs the jobs of each key in the order in which they came. Keeps nothing of a key that nobody holds any more. */
export class Turns<K extends object> {
  readonly #last = new WeakMap<K, Promise<unknown>>();

  /** Settles as the job does. A job that fails has told its own caller; the next one starts all the same. */
  take<T>(key: K, job: () => Promise<T>): Promise<T> {
    const mine = (this.#last.get(key) ?? Promise.resolve()).then(job, job);
    this.#last.set(key, mine);
    return mine;
  }
}
