// Stanzas that wait until older messages, still being read from storage, have been sent to the session.
import type { Stanza } from "../stanza/stanza.js";

export class HeldStanzas {
  #stanzas: Stanza[] = [];
  #length = 0;
  #pending = 0;

  /** `capacity`: stanzas; `room`: characters of their content together. */
  constructor(
    private readonly capacity: number,
    private readonly room: number,
  ) {}

  /** Takes the stanza in any case; false when it was one too many. */
  add(stanza: Stanza): boolean {
    this.#stanzas.push(stanza);
    this.#length += stanza.body.content.length;
    return this.#stanzas.length <= this.capacity && this.#length <= this.room;
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
    const stanzas = this.#stanzas;
    this.#stanzas = [];
    this.#length = 0;
    return stanzas;
  }
}
