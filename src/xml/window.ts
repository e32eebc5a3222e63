// The bytes that a reader has not done with yet: the chunk itself while it lasts, afterwards a copy of the rest.
import { isAscii } from "node:buffer";

const NO_BYTES: Buffer = Buffer.alloc(0);
/** Room kept beyond the limit, so that a stanza which comes in small pieces is not copied for each. */
const SPARE = 4096;

/** A stretch of bytes, [start, end) of `bytes`; whoever reads moves `start`. */
export class Window {
  bytes = NO_BYTES;
  start = 0;
  end = 0;
  /** Whether all of it is ASCII. */
  isAscii = true;
  #isOwned = false;

  get length(): number {
    return this.end - this.start;
  }

  /** Shows the chunk itself; nothing may be left of what was there before. */
  show(chunk: Buffer): void {
    this.bytes = chunk;
    this.start = 0;
    this.end = chunk.length;
    this.isAscii = isAscii(chunk);
    this.#isOwned = false;
  }

  /** Adds a chunk to what is left; answers how far that was moved. `limit` is the length it should not grow beyond. */
  append(chunk: Buffer, limit: number): number {
    const isRoomy = this.#isOwned && this.end + chunk.length <= this.bytes.length;
    const moved = isRoomy ? 0 : this.#makeRoom(chunk.length, limit);
    chunk.copy(this.bytes, this.end);
    this.end += chunk.length;
    this.isAscii &&= isAscii(chunk);
    return moved;
  }

  /** Takes what is left of a chunk into bytes of our own, for a chunk is part of something larger and belongs to others. */
  keep(limit: number): number {
    if (this.start < this.end) return this.#isOwned ? 0 : this.#makeRoom(0, limit);
    this.clear();
    return 0;
  }

  clear(): void {
    this.bytes = NO_BYTES;
    this.start = this.end = 0;
    this.#isOwned = false;
  }

  /** Moves what is left to a larger place; doubling makes the copying linear in all. */
  #makeRoom(more: number, limit: number): number {
    const { start, length } = this;
    const needed = length + more;
    const place = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(needed * 2, limit + SPARE)));
    this.bytes.copy(place, 0, start, this.end);
    this.bytes = place;
    this.start = 0;
    this.end = length;
    this.#isOwned = true;
    return -start;
  }
}
