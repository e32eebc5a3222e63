// The mark: a byte that stands exactly once in each stanza that is counted, so that counting needs no parser.

/** The mark as it is written into a stanza. */
export const MARK = "~";

const MARK_BYTE = 0x7e;

/** How many marks, hence how many counted stanzas (or their beginnings), are in `chunk`. */
export function countMarks(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(MARK_BYTE); at !== -1; at = chunk.indexOf(MARK_BYTE, at + 1)) count += 1;
  return count;
}

/** `unit` once, twice … up to `most` times, to be written at one go: index 0 holds nothing. */
export function multiples(unit: string, most: number): readonly Buffer[] {
  return Array.from({ length: most + 1 }, (_, times) => Buffer.from(unit.repeat(times)));
}

/** A body of `bytes` bytes that contains the mark once. */
export function markedBody(bytes: number): string {
  const line = "But soft, what light through yonder window breaks? It is the east, and Juliet is the sun. ";
  return MARK + line.repeat(Math.ceil(bytes / line.length)).slice(0, bytes - MARK.length);
}
