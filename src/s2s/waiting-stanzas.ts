// Stanzas that wait for a stream to another server: in order, bounded in number, size and time.
import type { Stanza } from "../stanza/stanza.js";

export interface Waiting {
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
  /** Those before it have been handed out; taken out when that is over. */
  #first = 0;
  #bytes = 0;

  constructor(
    private readonly mostStanzas: number,
    private readonly mostBytes: number,
    private readonly pool: Pool,
  ) {}

  get length(): number {
    return this.#items.length - this.#first;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** When the oldest came; undefined when there is none. */
  get oldestSince(): number | undefined {
    return this.#next?.since;
  }

  /** False when there is no room. The stanza is copied: it must not keep the bytes alive that it came in. */
  add(stanza: Stanza, now: number): boolean {
    return this.#hasRoom(sizeOf(stanza)) && this.restore(stanza.compact(), now);
  }

  /** The same for a stanza that is a copy already. */
  restore(stanza: Stanza, now: number): boolean {
    const size = sizeOf(stanza);
    if (!this.#hasRoom(size)) return false;
    this.#items.push({ stanza, since: now });
    this.#count(size);
    return true;
  }

  get #next(): Waiting | undefined {
    return this.#items[this.#first];
  }

  #hasRoom(size: number): boolean {
    if (this.length >= this.mostStanzas || this.#bytes + size > this.mostBytes) return false;
    return this.pool.bytes + size <= this.pool.most;
  }

  /** Puts back, before all others, what has been taken out or sent in vain: room or not, for it was promised a place. */
  putBack(stanzas: readonly Stanza[], since: number): void {
    this.#items = [...stanzas.map((stanza) => ({ stanza, since })), ...this.#items.slice(this.#first)];
    this.#first = 0;
    for (const stanza of stanzas) this.#count(sizeOf(stanza));
  }

  /** Hands out the stanzas in order, as long as `mayGo` says so of the next. */
  release(mayGo: (stanza: Stanza) => boolean, send: (stanza: Stanza) => void): void {
    for (let item = this.#next; item !== undefined && mayGo(item.stanza); item = this.#next) {
      this.#first += 1; // already now: to send it may end the stream, and what that had comes back in front
      this.#count(-sizeOf(item.stanza));
      send(item.stanza);
    }
    this.#items.splice(0, this.#first);
    this.#first = 0;
  }

  /** The first ones, so many at most, without taking them out. */
  first(most: number): readonly Stanza[] {
    return this.#items.slice(0, most).map(({ stanza }) => stanza);
  }

  /** Those that came before `time`, without taking them out. */
  *before(time: number): Iterable<Waiting> {
    for (const item of this.#items) {
      if (item.since >= time) return;
      yield item;
    }
  }

  /** All, without taking them out. */
  all(): Iterable<Waiting> {
    return this.#items;
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
