// Stanzas that wait for a stream to another server: in order, bounded in number, size and time.
import type { Stanza } from "../stanza/stanza.js";

interface Waiting {
  readonly stanza: Stanza;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** A guess of a stanza's size in memory beside its content, in bytes. */
const overhead = 300;

/** What all queues together may hold. */
export class Pool {
  bytes = 0;

  constructor(readonly most: number) {}
}

export class WaitingStanzas {
  #items: Waiting[] = [];
  #bytes = 0;

  constructor(
    private readonly mostStanzas: number,
    private readonly mostBytes: number,
    private readonly pool: Pool,
  ) {}

  get length(): number {
    return this.#items.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** When the oldest came; undefined when there is none. */
  get oldestSince(): number | undefined {
    return this.#items[0]?.since;
  }

  /** False when there is no room. The stanza is copied: it must not keep the bytes alive that it came in. */
  add(stanza: Stanza, now: number): boolean {
    const size = sizeOf(stanza);
    const isFull = this.#items.length >= this.mostStanzas || this.#bytes + size > this.mostBytes;
    if (isFull || this.pool.bytes + size > this.pool.most) return false;
    this.#items.push({ stanza: stanza.compact(), since: now });
    this.#count(size);
    return true;
  }

  /** Puts back, before all others, what has been taken out or sent in vain: room or not, for it was promised a place. */
  putBack(stanzas: readonly Stanza[], since: number): void {
    this.#items = [...stanzas.map((stanza) => ({ stanza: stanza.compact(), since })), ...this.#items];
    for (const stanza of stanzas) this.#count(sizeOf(stanza));
  }

  /** Hands out the stanzas in order, as long as `mayGo` says so. */
  release(mayGo: () => boolean, send: (stanza: Stanza) => void): void {
    let next = 0;
    while (next < this.#items.length && mayGo()) {
      const stanza = (this.#items[next++] as Waiting).stanza;
      this.#count(-sizeOf(stanza));
      send(stanza);
    }
    this.#items.splice(0, next);
  }

  /** Takes out those that came before `time`, all when it is left out. */
  take(time = Infinity): Stanza[] {
    const taken: Stanza[] = [];
    const first = this.#items.findIndex(({ since }) => since >= time);
    const count = first === -1 ? this.#items.length : first;
    for (const { stanza } of this.#items.splice(0, count)) {
      this.#count(-sizeOf(stanza));
      taken.push(stanza);
    }
    return taken;
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.pool.bytes += bytes;
  }
}

function sizeOf({ body }: Stanza): number {
  return body.content.length + overhead;
}
