// One change of an account's credentials at a time, where the decision rests on what was read before.
import type { AccountKey } from "../storage/records.js";

/** Runs the jobs of each account one after the other; keeps nothing once they are done. */
export class AccountLock {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<T>({ host, user }: AccountKey, job: () => Promise<T>): Promise<T> {
    const name = `${user}@${host}`;
    const before = this.#last.get(name) ?? Promise.resolve();
    // A job that failed has told its own caller; the next one starts all the same.
    const mine = before.then(job, job);
    this.#last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(name) === mine) this.#last.delete(name);
    }
  }
}
