// Slows down and refuses guessing of passwords; throttle-limits.ts has the policy and its reasons.
import { createHash } from "node:crypto";
import { setTimeout as sleepFor } from "node:timers/promises";
import type { AccountKey } from "../storage/records.js";
import type { Verdict } from "./backend.js";
import { BoundedMap } from "./bounded-map.js";
import { FailureCounter } from "./failure-counter.js";
import { isLoopback, networkPrefix } from "./network-prefix.js";
import { DEFAULT_THROTTLE_LIMITS, type ThrottleLimits } from "./throttle-limits.js";

/** Time as authentication sees it, in milliseconds. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** Sleepers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds) => sleepFor(milliseconds, undefined, { ref: false }),
};

export interface ThrottleParts {
  readonly clock: Clock;
  readonly limits?: ThrottleLimits;
  /** Addresses behind which many people stand, besides loopback: proxies that don't tell whom they speak for. */
  readonly isShared?: (address: string) => boolean;
}

/** Networks that an account is remembered to have logged in from. */
const FAMILIAR_NETWORKS = 8;

/** One for the whole server. Keeps everything in memory: a restart forgives. */
export class LoginThrottle {
  readonly #clock: Clock;
  readonly #isShared: (address: string) => boolean;
  readonly #patience: number;
  readonly #pairs: FailureCounter;
  readonly #sharedPairs: FailureCounter;
  readonly #accounts: FailureCounter;
  readonly #networks: FailureCounter;
  /** Only successful logins write here, so that no flood of names can push anything out. */
  readonly #familiar: BoundedMap<readonly string[]>;

  constructor({ clock, limits = DEFAULT_THROTTLE_LIMITS, isShared = () => false }: ThrottleParts) {
    this.#clock = clock;
    this.#isShared = (address) => isLoopback(address) || isShared(address);
    this.#patience = limits.patience;
    this.#pairs = new FailureCounter(limits.pair, limits.entries);
    this.#sharedPairs = new FailureCounter(limits.sharedPair, limits.entries);
    this.#accounts = new FailureCounter(limits.account, limits.entries);
    this.#networks = new FailureCounter(limits.network, limits.entries);
    this.#familiar = new BoundedMap(limits.entries);
  }

  /** Entries in all tables. */
  get size(): number {
    const tables = [this.#pairs, this.#sharedPairs, this.#accounts, this.#networks, this.#familiar];
    return tables.reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Lets `check` run when it is this attempt's turn, and counts what comes out. "throttled": it was not run at all.
   * When `check` rejects, nothing is counted and the rejection is passed on.
   */
  async attempt(account: AccountKey, address: string, check: () => Promise<Verdict>): Promise<Verdict | "throttled"> {
    const trail = this.#trail(account, address);
    const wait = this.#enter(trail);
    if (wait > this.#patience) return "throttled";
    const verdict = await this.#inTurn(trail, wait, check);
    this.#count(trail, verdict);
    return verdict;
  }

  async #inTurn({ pairs, pair }: Trail, wait: number, check: () => Promise<Verdict>): Promise<Verdict> {
    try {
      if (wait > 0) await this.#clock.sleep(wait);
      return await check();
    } finally {
      pairs.settle(pair);
    }
  }

  /** How long until all that judge this attempt will hear it; takes its turn with each of them. */
  #enter(trail: Trail): number {
    const now = this.#clock.now();
    const wider = this.#isFamiliar(trail) ? [] : trail.wider;
    const waits = [trail.pairs.wait(trail.pair, now), ...wider.map(({ counter, key }) => counter.wait(key, now))];
    const wait = Math.max(...waits);
    if (wait > this.#patience) return wait;
    trail.pairs.take(trail.pair, now, true);
    for (const { counter, key } of wider) counter.take(key, now, false);
    return wait;
  }

  #count(trail: Trail, verdict: Verdict): void {
    const now = this.#clock.now();
    if (verdict === "accepted") this.#remember(trail);
    if (verdict !== "refused") return;
    trail.pairs.fail(trail.pair, now);
    for (const { counter, key } of trail.wider) counter.fail(key, now);
  }

  #isFamiliar({ account, network }: Trail): boolean {
    return this.#familiar.get(account)?.includes(network) ?? false;
  }

  #remember({ account, network }: Trail): void {
    const others = (this.#familiar.get(account) ?? []).filter((known) => known !== network);
    this.#familiar.set(account, [network, ...others].slice(0, FAMILIAR_NETWORKS));
  }

  #trail({ host, user }: AccountKey, address: string): Trail {
    const account = shortened(`${user}@${host}`);
    const isShared = this.#isShared(address);
    const network = isShared ? "shared" : networkPrefix(address);
    const wider = [
      { counter: this.#accounts, key: account },
      { counter: this.#networks, key: network },
    ];
    const pairs = isShared ? this.#sharedPairs : this.#pairs;
    return { account, network, pair: `${account} ${network}`, pairs, wider: isShared ? [] : wider };
  }
}

/** Where one attempt is counted. */
interface Trail {
  readonly account: string;
  readonly network: string;
  readonly pair: string;
  readonly pairs: FailureCounter;
  readonly wider: readonly { readonly counter: FailureCounter; readonly key: string }[];
}

/** Names are up to 2 KiB long and chosen by strangers; what is kept of them is short. */
function shortened(name: string): string {
  return name.length <= 64 ? name : `#${createHash("sha256").update(name).digest("base64")}`;
}
