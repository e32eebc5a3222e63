// Counts failures per key against one budget: how long the next attempt has to wait, or that it is refused.
import { BoundedMap } from "./bounded-map.js";
import type { FailureBudget } from "./throttle-limits.js";

interface Count {
  failures: number;
  /** When `failures` was last brought up to date. */
  countedAt: number;
  /** No attempt is heard before. */
  notBefore: number;
  /** Attempts that are waiting or being checked; they count as failures until they prove otherwise. */
  pending: number;
}

/** Times are milliseconds of the caller's clock. Keys are short strings. */
export class FailureCounter {
  readonly #budget: FailureBudget;
  readonly #counts: BoundedMap<Count>;

  constructor(budget: FailureBudget, entries: number) {
    this.#budget = budget;
    this.#counts = new BoundedMap(entries);
  }

  get size(): number {
    return this.#counts.size;
  }

  /** How long an attempt made now has to wait; Infinity when it is refused. */
  wait(key: string, now: number): number {
    const count = this.#current(key, now);
    if (count === undefined) return 0;
    if (weight(count) >= this.#budget.refuseAt) return Infinity;
    return Math.max(0, count.notBefore - now);
  }

  /**
   * Takes the turn that `wait` told of; the next attempt comes after it. With `isPending` the attempt counts as a failure
   * until `settle`: else a thousand made at once would all be heard before the first has failed.
   */
  take(key: string, now: number, isPending: boolean): void {
    const count = this.#current(key, now) ?? (isPending ? this.#add(key, now) : undefined);
    if (count === undefined) return;
    if (isPending) count.pending += 1;
    count.notBefore = Math.max(now, count.notBefore) + this.#spacing(count);
  }

  /** Ends what `take` with `isPending` began. */
  settle(key: string): void {
    const count = this.#counts.get(key);
    if (count === undefined) return;
    count.pending = Math.max(0, count.pending - 1);
    if (weight(count) === 0) this.#counts.delete(key);
  }

  fail(key: string, now: number): void {
    const count = this.#current(key, now) ?? this.#add(key, now);
    // More than this would only prolong the refusal, on account of attempts that came all at once.
    const most = Number.isFinite(this.#budget.refuseAt) ? this.#budget.refuseAt : this.#budget.free * 2;
    count.failures = Math.min(most, count.failures + 1);
    count.notBefore = Math.max(count.notBefore, now + this.#spacing(count));
  }

  /** The wait that is due when all that are pending have failed too. */
  #spacing(count: Count): number {
    const { free, firstWait, growth, longestWait } = this.#budget;
    const excess = weight(count) - free;
    return excess < 0 ? 0 : Math.min(longestWait, firstWait * growth ** excess);
  }

  #current(key: string, now: number): Count | undefined {
    const count = this.#counts.get(key);
    if (count === undefined) return undefined;
    const forgiven = Math.max(0, now - count.countedAt) / this.#budget.forgiveEvery;
    count.failures = Math.max(0, count.failures - forgiven);
    count.countedAt = now;
    return count;
  }

  #add(key: string, now: number): Count {
    const count = { failures: 0, countedAt: now, notBefore: now, pending: 0 };
    this.#counts.set(key, count);
    return count;
  }
}

/** Failures, a partly forgiven one as a whole one, and those that may become failures. */
function weight({ failures, pending }: Count): number {
  return Math.ceil(failures) + pending;
}
