// Messages that wait until older ones, still being read from storage, have been sent to the session.
import type { Stanza } from "../stanza/stanza.js";

export class HeldMessages {
  #messages: Stanza[] = [];
  #pending = 0;

  constructor(private readonly capacity: number) {}

  /** False when there is no room. */
  add(message: Stanza): boolean {
    if (this.#messages.length >= this.capacity) return false;
    this.#messages.push(message);
    return true;
  }

  /** Calls `release` when this promise and all others have settled. */
  until(done: Promise<unknown>, release: () => void): void {
    this.#pending += 1;
    const settle = (): void => {
      if (--this.#pending === 0) release();
    };
    done.then(settle, settle);
  }

  take(): Stanza[] {
    const messages = this.#messages;
    this.#messages = [];
    return messages;
  }
}
