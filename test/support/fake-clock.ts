// A clock that stands still until the test turns it.
import type { Clock } from "../../src/extension/clock.js";

interface Alarm {
  at: number;
  readonly interval: number | undefined;
  readonly callback: () => void;
}

export class FakeClock implements Clock {
  #now: number;
  readonly #alarms = new Set<Alarm>();

  /** `start`: after 1970, for the server reckons from there. */
  constructor(start = "2026-04-23T20:00:00Z") {
    this.#now = Date.parse(start);
  }

  readonly now = (): number => this.#now;

  every(interval: number, callback: () => void): () => void {
    return this.#set({ at: this.#now + interval, interval, callback });
  }

  after(delay: number, callback: () => void): () => void {
    return this.#set({ at: this.#now + delay, interval: undefined, callback });
  }

  /** Lets `milliseconds` pass and calls back whatever is due, in order. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (let next = this.#nextBefore(end); next !== undefined; next = this.#nextBefore(end)) {
      this.#now = next.at;
      if (next.interval === undefined) this.#alarms.delete(next);
      else next.at += next.interval;
      next.callback();
    }
    this.#now = end;
  }

  #set(alarm: Alarm): () => void {
    this.#alarms.add(alarm);
    return () => void this.#alarms.delete(alarm);
  }

  #nextBefore(end: number): Alarm | undefined {
    const due = [...this.#alarms].filter(({ at }) => at <= end);
    return due.sort((one, other) => one.at - other.at)[0];
  }
}
