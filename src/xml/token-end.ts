// Where an unfinished tag ends: looked for in new bytes only, so that a tag that trickles in costs no more than others.
import { APOSTROPHE, DOUBLE_QUOTE, GREATER, LESS } from "./characters.js";

/** Follows one tag from its `<` to the first byte at which it can be judged: `>` outside quotes, or another `<`. */
export class TokenEnd {
  /** Where the search stands; after a `find` that answered true, the byte that ends the tag. */
  at = 0;
  isPending = false;
  #quote = 0;

  begin(start: number): void {
    this.at = start + 1;
    this.#quote = 0;
    this.isPending = true;
  }

  forget(): void {
    this.isPending = false;
  }

  move(distance: number): void {
    this.at += distance;
  }

  /** Whether the tag's last byte stands before `end`; otherwise goes on there the next time. */
  find(bytes: Buffer, end: number): boolean {
    for (; this.at < end; this.at++) {
      const byte = bytes[this.at]!;
      const isQuote = byte === APOSTROPHE || byte === DOUBLE_QUOTE;
      if (byte === LESS || (byte === GREATER && this.#quote === 0)) {
        this.isPending = false;
        return true;
      }
      if (isQuote) this.#quote = this.#quote === 0 ? byte : this.#quote === byte ? 0 : this.#quote;
    }
    return false;
  }
}
