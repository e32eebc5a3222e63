// How many bytes a second are read from another server's stream in the long run; it waits when it sends more.
import type { Clock } from "../extension/clock.js";
import type { Stream } from "../stream/stream.js";

export class Shaper {
  #credit: number;
  #since: number;

  /** `rate`: bytes a second, and as many at once. */
  constructor(
    private readonly stream: Stream,
    private readonly rate: number,
    private readonly clock: Clock,
  ) {
    this.#credit = rate;
    this.#since = stream.lastReceivedAt;
  }

  /** These bytes have been read: nothing more is, until they may have been. */
  spend(bytes: number): void {
    this.#credit -= bytes;
    if (this.#credit < 0) this.#refill();
  }

  #refill(): void {
    const now = this.clock.now();
    this.#credit = Math.min(this.rate, this.#credit + ((now - this.#since) * this.rate) / 1000);
    this.#since = now;
    if (this.#credit >= 0) return;
    this.stream.pause();
    this.clock.after(Math.ceil((-this.#credit / this.rate) * 1000), () => this.stream.resume());
  }
}
