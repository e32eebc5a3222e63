// Start tags that come again and again (`<body>`, `<active xmlns='…'/>`): recognised by their bytes, judged only once.
import type { ChildName } from "./names.js";

/** A start tag without prefixes, and with no attribute but, perhaps, xmlns: it means the same wherever it stands. */
export interface KnownTag {
  /** What follows `<`, up to and with `>`. */
  readonly source: Buffer;
  readonly nameLength: number;
  /** 0, or 1 for the xmlns. */
  readonly attributes: number;
  readonly isEmpty: boolean;
  /** Its expanded name; one without an xmlns had its namespace from around it. */
  readonly child: ChildName;
  readonly isInheriting: boolean;
}

const BUCKETS = 256;
const WAYS = 4;
const SHORTEST = 4;
/** Longer tags are not worth to be remembered. */
export const LONGEST_KNOWN = 128;

/** A bounded memory of tags; a newcomer takes the place of the one that came longest ago in its bucket. */
export class KnownTags {
  readonly #tags: (KnownTag | undefined)[] = new Array<KnownTag | undefined>(BUCKETS * WAYS).fill(undefined);
  readonly #next = new Uint8Array(BUCKETS);

  /** The tag whose name stands at `start` if it is known and all there. */
  find(bytes: Buffer, start: number, end: number): KnownTag | undefined {
    if (start + SHORTEST > end) return undefined;
    const first = bucketOf(bytes, start) * WAYS;
    for (let at = first; at < first + WAYS; at++) {
      const tag = this.#tags[at];
      if (tag === undefined) return undefined;
      if (start + tag.source.length <= end && isAt(tag.source, bytes, start)) return tag;
    }
    return undefined;
  }

  /** Remembers a tag, in the place of one with the same source if there is one. */
  add(tag: KnownTag): void {
    const { source } = tag;
    if (source.length < SHORTEST || source.length > LONGEST_KNOWN) return;
    const bucket = bucketOf(source, 0);
    for (let at = bucket * WAYS; at < (bucket + 1) * WAYS; at++) {
      if (this.#tags[at]?.source.equals(source)) {
        this.#tags[at] = tag;
        return;
      }
    }
    this.#tags[bucket * WAYS + this.#next[bucket]!] = tag;
    this.#next[bucket] = (this.#next[bucket]! + 1) % WAYS;
  }
}

function bucketOf(bytes: Buffer, start: number): number {
  const packed = bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24);
  return Math.imul(packed, 0x9e3779b1) >>> 24;
}

function isAt(source: Buffer, bytes: Buffer, start: number): boolean {
  const { length } = source;
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    const at = start + index;
    const difference =
      (source[index]! ^ bytes[at]!) |
      (source[index + 1]! ^ bytes[at + 1]!) |
      (source[index + 2]! ^ bytes[at + 2]!) |
      (source[index + 3]! ^ bytes[at + 3]!);
    if (difference !== 0) return false;
  }
  for (; index < length; index++) if (source[index] !== bytes[start + index]) return false;
  return true;
}
