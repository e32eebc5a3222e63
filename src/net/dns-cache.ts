// Answers of DNS, each kept as long as it holds. Equal questions under way are asked once.

/** An answer, and the milliseconds for which it holds; 0: it is not kept. */
export interface Holding<T> {
  readonly value: T;
  readonly lifetime: number;
}

export interface Found<T> {
  readonly value: T;
  readonly isCached: boolean;
}

interface Kept<T> {
  readonly value: T;
  readonly until: number;
}

export class DnsCache<T> {
  readonly #most: number;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept<T>>();
  readonly #underWay = new Map<string, Promise<T>>();

  /** Keeps `most` answers; those that came first go first. `now` in milliseconds. */
  constructor(most: number, now: () => number) {
    this.#most = most;
    this.#now = now;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** The answer that is kept; else that of the question under way, or of `ask`. */
  async find(key: string, ask: () => Promise<Holding<T>>): Promise<Found<T>> {
    const kept = this.peek(key);
    if (kept !== undefined) return { value: kept, isCached: true };
    return { value: await (this.#underWay.get(key) ?? this.#begin(key, ask)), isCached: false };
  }

  peek(key: string): T | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined || kept.until > this.#now()) return kept?.value;
    this.#kept.delete(key);
    return undefined;
  }

  /** The next one to ask is asking anew, even if that question is under way. */
  forget(key: string): void {
    this.#kept.delete(key);
    this.#underWay.delete(key);
  }

  #begin(key: string, ask: () => Promise<Holding<T>>): Promise<T> {
    const asking = ask().then(
      ({ value, lifetime }) => {
        if (this.#underWay.get(key) === asking) this.#keep(key, value, lifetime);
        return value;
      },
      (error: unknown) => {
        if (this.#underWay.get(key) === asking) this.#underWay.delete(key);
        throw error;
      },
    );
    this.#underWay.set(key, asking);
    return asking;
  }

  #keep(key: string, value: T, lifetime: number): void {
    this.#underWay.delete(key);
    if (lifetime <= 0) return;
    this.#kept.delete(key);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < this.#most) break;
      this.#kept.delete(oldest);
    }
    this.#kept.set(key, { value, until: this.#now() + lifetime });
  }
}
