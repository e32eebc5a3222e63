// A bounded memory of what was computed lately, by text.
import { independent } from "./independent.js";

/**
 * Values by text in two generations: a full one becomes the old one, the old one is forgotten, and what is found in the
 * old one moves to the new. So what is in use stays, at the price of one look-up.
 */
export class Recent<Value> {
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();
  #characters = 0;

  /**
   * @param maximumEntries how many entries a generation has at most
   * @param maximumCharacters how many UTF-16 code units the texts of a generation have together, at most
   */
  constructor(
    readonly maximumEntries: number,
    readonly maximumCharacters: number,
  ) {}

  get(text: string): Value | undefined {
    return this.#young.get(text) ?? this.#fromOld(text);
  }

  /** @param text is kept, so it must not be a slice of something large */
  set(text: string, value: Value): void {
    if (this.#young.size >= this.maximumEntries || this.#characters + text.length > this.maximumCharacters) this.#age();
    this.#young.set(text, value);
    this.#characters += text.length;
  }

  /** How many entries there are in both generations. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  #fromOld(text: string): Value | undefined {
    const value = this.#old.get(text);
    if (value === undefined) return undefined;
    this.#old.delete(text);
    this.set(independent(text), value);
    return value;
  }

  #age(): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#characters = 0;
  }
}
