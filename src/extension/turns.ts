// One after the other: for what must not overtake what came before, such as a change and the question for its result.

/** Runs the jobs of each key in the order in which they came. Keeps nothing of a key that nobody holds any more. */
export class Turns<K extends object> {
  readonly #last = new WeakMap<K, Promise<unknown>>();

  /** Settles as the job does. A job that fails has told its own caller; the next one starts all the same. */
  take<T>(key: K, job: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = before === undefined ? job() : before.then(job, job);
    this.#last.set(key, mine);
    const leave = (): void => {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    };
    mine.then(leave, leave);
    return mine;
  }

  /** For a job that takes no time: done at once when nobody is before it, otherwise in its turn. */
  takeAtOnce<T>(key: K, job: () => T | Promise<T>): T | Promise<T> {
    return this.#last.has(key) ? this.take(key, async () => job()) : job();
  }
}
