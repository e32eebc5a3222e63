// A pair's attempts to open a stream: one at a time, and behind one that came to nothing not before the back-off is over.
import type { Federation } from "./federation.js";
import type { Pair } from "./pair.js";

export class Attempts {
  #isUnderWay = false;
  #cancelPause: (() => void) | undefined;

  constructor(
    private readonly pair: Pair,
    private readonly federation: Federation,
  ) {}

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** Makes one, now or after the pause, unless that is so already. */
  begin(): void {
    if (this.#isUnderWay || this.#cancelPause !== undefined) return;
    if (this.pair.domain.pause > 0) return this.pause();
    this.#isUnderWay = true;
    this.federation
      .dial(this.pair)
      .then((dialled) => this.#end(() => this.pair.dialled(dialled)))
      .catch((error: unknown) => this.#end(() => this.pair.failed(error)))
      .catch((error: unknown) => this.pair.fault(error));
  }

  #end(tell: () => void): void {
    this.#isUnderWay = false;
    tell();
  }

  /** Makes one when the domain's back-off is over, if the pair still needs a stream then. */
  pause(): void {
    this.#cancelPause = this.federation.clock.after(this.pair.domain.pause, () => {
      this.#cancelPause = undefined;
      this.pair.begin();
    });
  }

  /** False when there was none. */
  forgetPause(): boolean {
    const wasPausing = this.#cancelPause !== undefined;
    this.#cancelPause?.();
    this.#cancelPause = undefined;
    return wasPausing;
  }
}
