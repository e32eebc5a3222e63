// How often something may happen: a budget for each key that fills up again in time.
import type { Clock } from "./clock.js";

export interface RateLimitSettings {
  /** How often in a row, when the budget is full. */
  readonly most: number;
  /** Milliseconds in which an empty budget fills up again. */
  readonly interval: number;
  readonly clock: Clock;
}

/** Keys that are remembered; past it, the ones that were used the longest time ago start afresh. */
const mostKeys = 10_000;

interface Budget {
  readonly left: number;
  readonly at: number;
}

export class RateLimit {
  readonly #budgets = new Map<string, Budget>();

  constructor(private readonly settings: RateLimitSettings) {}

  /** Takes one from the key's budget; false when there is none left. */
  take(key: string): boolean {
    const { most, interval, clock } = this.settings;
    const now = clock.now();
    const { left, at } = this.#budgets.get(key) ?? { left: most, at: now };
    const available = Math.min(most, left + ((now - at) * most) / interval);
    const isAllowed = available >= 1;
    this.#remember(key, { left: isAllowed ? available - 1 : available, at: now });
    return isAllowed;
  }

  #remember(key: string, budget: Budget): void {
    this.#budgets.delete(key);
    this.#budgets.set(key, budget);
    if (this.#budgets.size <= mostKeys) return;
    const [oldest] = this.#budgets.keys();
    if (oldest !== undefined) this.#budgets.delete(oldest);
  }
}
