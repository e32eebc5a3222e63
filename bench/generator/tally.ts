// Counts the marks that reach a crowd, and says when as many have come as must.
import { countMarks } from "./marks.js";

/** Nobody waits longer for a room to be told. */
const PATIENCE_MILLISECONDS = 120_000;

export class Tally {
  #count = 0;
  #due = Infinity;
  #reached: () => void = () => undefined;

  /** For Connection.consume(). */
  readonly hear = (chunk: Buffer): void => {
    this.#count += countMarks(chunk);
    if (this.#count >= this.#due) this.#reached();
  };

  /** Resolves when `marks` more have come; fails when they do not, or when more came than ever were awaited. */
  next(marks: number): Promise<void> {
    const due = this.#due === Infinity ? marks : this.#due + marks;
    if (this.#due !== Infinity && this.#count !== this.#due) return Promise.reject(this.#complaint());
    this.#due = due;
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(this.#complaint()), PATIENCE_MILLISECONDS);
      this.#reached = () => {
        clearTimeout(patience);
        resolve();
      };
    });
  }

  #complaint(): Error {
    return new Error(`${this.#due} presences were to arrive, ${this.#count} did`);
  }
}
