// What we know of one other domain: how it went last time, when to try again, and the pairs that lead there.
import type { Clock } from "../extension/clock.js";
import { BackOff, type BackOffLimits } from "./back-off.js";
import type { Pair } from "./pair.js";
import { asFailure, type FederationFailure } from "./reason.js";
import { noTraffic, type Traffic } from "../stanza/traffic.js";

export class RemoteDomain {
  /** By our domain. */
  readonly pairs = new Map<string, Pair>();
  /** Of streams that are over; those that stand count for themselves. */
  readonly traffic: Traffic = noTraffic();
  /** Stanzas that were returned to their senders. */
  bounced = 0;
  /** Attempts that came to nothing. */
  failures = 0;
  /** Why the last attempt came to nothing; undefined since one did not. */
  failure: FederationFailure | undefined;
  /** Milliseconds since 1970, of that failure; it is kept when things go well again. */
  lastFailure: { readonly failure: FederationFailure; readonly at: number } | undefined;
  #notBefore = 0;
  readonly #backOff: BackOff;

  constructor(
    readonly name: string,
    private readonly clock: Clock,
    limits: BackOffLimits,
  ) {
    this.#backOff = new BackOff(limits);
  }

  /** Milliseconds until the next attempt may begin. */
  get pause(): number {
    return Math.max(0, this.#notBefore - this.clock.now());
  }

  get isBackingOff(): boolean {
    return this.pause > 0;
  }

  failed(error: unknown): FederationFailure {
    const failure = asFailure(error);
    this.failure = failure;
    this.failures += 1;
    this.lastFailure = { failure, at: this.clock.now() };
    this.#notBefore = this.clock.now() + this.#backOff.next();
    return failure;
  }

  /** A stream stands, ours or theirs: whatever was wrong before counts no more. */
  reached(): void {
    this.failure = undefined;
    this.forgive();
  }

  /** What failed may be tried again at once. */
  forgive(): void {
    this.#notBefore = 0;
    this.#backOff.reset();
  }
}
