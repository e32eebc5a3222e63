// Messages that wait until older ones, still being read from storage, have been sent to the session.
import type { Stanza } from "../stanza/stanza.js";

export class HeldMessages {
  #messages: Stanza[] = [];
  #length = 0;
  #pending = 0;

  /** `capacity`: messages; `room`: characters of their content together. */
  constructor(
    private readonly capacity: number,
    private readonly room: number,
  ) {}

  /** Takes the message in any case; false when it was one too many. */
  add(message: Stanza): boolean {
    this.#messages.push(message);
    this.#length += message.body.content.length;
    return this.#messages.length <= this.capacity && this.#length <= this.room;
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
    this.#length = 0;
    return messages;
  }
}
