// How long to leave a server alone that could not be reached: longer each time, never quite the same.

export interface BackOffLimits {
  /** Milliseconds: the first pause, and the longest. */
  readonly first: number;
  readonly longest: number;
}

export class BackOff {
  #failures = 0;

  constructor(
    private readonly limits: BackOffLimits,
    private readonly random: () => number = Math.random,
  ) {}

  /** Milliseconds until the next attempt: doubled each time, and somewhere between half and all of that. */
  next(): number {
    const { first, longest } = this.limits;
    const full = Math.min(longest, first * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return full * (0.5 + this.random() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}
