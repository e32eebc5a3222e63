// Numbered letters from a user of one server to a user of another, and what becomes of each of them.
import assert from "node:assert/strict";
import type { RawClient } from "../support/raw-client.js";

/** Counts what a client is sent, until it is gone: letters that arrive, and letters that come back. */
export function countAt(client: RawClient, ...kinds: readonly Letters[]): void {
  const count = async (): Promise<never> => {
    for (;;) {
      const [message] = await client.receives(/<message .*?<\/message>/s);
      for (const letters of kinds) letters.take(message);
    }
  };
  count().catch((error: unknown) => {
    if (!client.hasEnded) throw error;
  });
}

export class Letters {
  /** Numbers, in the order in which they came. */
  readonly arrived: number[] = [];
  /** Numbers of those that came back, with the words of the error. */
  readonly returned: (readonly [number: number, words: string])[] = [];
  written = 0;
  readonly #name: string;
  readonly #waiting = new Set<() => void>();

  constructor(private readonly to: string) {
    this.#name = to.replace(/@.*/, "");
  }

  /** Writes so many letters at once. */
  write(from: RawClient, count: number): void {
    const letters = Array.from({ length: count }, (_, index) => this.#letter(this.written + index));
    this.written += count;
    from.send(letters.join(""));
  }

  /** Resolves when the condition holds; it is looked at whenever something has come. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** Resolves when something is known of every letter. */
  async settled(): Promise<void> {
    const isEnough = (): boolean => this.arrived.length + this.returned.length >= this.written;
    await this.until(() => isEnough() && this.known.length === this.written);
  }

  /** Those that have arrived or come back, in the order in which they were written. */
  get known(): readonly number[] {
    const known = new Set([...this.arrived, ...this.returned.map(([number]) => number)]);
    return [...known].sort((one, other) => one - other);
  }

  /** Those that have arrived and come back as well. */
  get both(): readonly number[] {
    const arrived = new Set(this.arrived);
    return this.returned.flatMap(([number]) => (arrived.has(number) ? number : []));
  }

  /** None twice, none out of order: numbers ascend. */
  assertOrder(): void {
    for (const numbers of [this.arrived, [...this.returned.map(([number]) => number)].sort((a, b) => a - b)]) {
      const wrong = numbers.findIndex((number, index) => index > 0 && number <= (numbers[index - 1] ?? -1));
      assert.equal(wrong, -1, `… ${numbers.slice(Math.max(0, wrong - 3), wrong + 3).join(", ")} …`);
    }
  }

  /** All have arrived, once and in order, and none has come back. */
  assertPerfect(): void {
    assert.deepEqual(this.returned.slice(0, 5), []);
    this.assertOrder();
    assert.equal(this.arrived.length, this.written);
  }

  /** Counts a message, if it is one of these letters or says that one could not be delivered. */
  take(message: string): void {
    const [, to, number] = / id='(\w+)-(\d+)'/.exec(message) ?? [];
    if (to !== this.#name) return;
    if (!/^<message [^>]*type='error'/.test(message)) this.arrived.push(Number(number));
    else this.returned.push([Number(number), /<error.*<\/error>/s.exec(message)?.[0] ?? message]);
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #letter(number: number): string {
    const body = `Letter ${number}: there is no world without Verona walls, but purgatory, torture, hell itself.`;
    return `<message to='${this.to}' type='chat' id='${this.#name}-${number}'><body>${body}</body></message>`;
  }
}
