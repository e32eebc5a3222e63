// Lets so many through at one time, and few in one turn of the event loop; others wait, first come, first served.

/** Connections that begin in one turn: hundreds at once would keep users waiting who want nothing from other servers. */
const mostInTurn = 8;

export class Turnstile {
  #inside = 0;
  readonly #waiting: (() => void)[] = [];
  #begun = 0;
  readonly #later: (() => void)[] = [];

  constructor(private readonly most: number) {}

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside < this.most) this.#inside += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      const turn = this.#turn();
      if (turn !== undefined) await turn;
      return await work();
    } finally {
      // The place is handed on without being given up in between, so a newcomer can't overtake.
      const next = this.#waiting.shift();
      if (next === undefined) this.#inside -= 1;
      else next();
    }
  }

  /** Resolves at once, or in a later turn when enough has begun in this one. */
  #turn(): Promise<void> | undefined {
    if (this.#begun >= mostInTurn) return new Promise((resolve) => this.#later.push(resolve));
    this.#begun += 1;
    if (this.#begun === 1) setImmediate(() => this.#nextTurn());
    return undefined;
  }

  #nextTurn(): void {
    const next = this.#later.splice(0, mostInTurn);
    this.#begun = next.length;
    if (next.length > 0) setImmediate(() => this.#nextTurn());
    for (const begin of next) begin();
  }
}
