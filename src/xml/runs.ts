// Runs of bytes that need no second look: where they end, and whether two of them are equal.
import { CLASSES, TEXT_STOPS, VALUE_STOPS, WHITE } from "./characters.js";

/** The index of the first byte in [start, end) that is not plain text, or `end`. */
export function endOfText(bytes: Buffer, start: number, end: number): number {
  const stops = TEXT_STOPS;
  let index = start;
  // Eight bytes a turn: text is most of what is read, and this halves its cost.
  while (
    index + 8 <= end &&
    (stops[bytes[index]!]! |
      stops[bytes[index + 1]!]! |
      stops[bytes[index + 2]!]! |
      stops[bytes[index + 3]!]! |
      stops[bytes[index + 4]!]! |
      stops[bytes[index + 5]!]! |
      stops[bytes[index + 6]!]! |
      stops[bytes[index + 7]!]!) ===
      0
  ) {
    index += 8;
  }
  while (index < end && stops[bytes[index]!] === 0) index++;
  return index;
}

/** The index of the first byte in [start, end) that is not plain in an attribute's value, or `end`. */
export function endOfValue(bytes: Buffer, start: number, end: number): number {
  const stops = VALUE_STOPS;
  let index = start;
  while (
    index + 4 <= end &&
    (stops[bytes[index]!]! | stops[bytes[index + 1]!]! | stops[bytes[index + 2]!]! | stops[bytes[index + 3]!]!) === 0
  ) {
    index += 4;
  }
  while (index < end && stops[bytes[index]!] === 0) index++;
  return index;
}

/** The index of the first byte in [start, end) that is not white space, or `end`. */
export function skipWhite(bytes: Buffer, start: number, end: number): number {
  const classes = CLASSES;
  let index = start;
  while (index < end && (classes[bytes[index]!]! & WHITE) !== 0) index++;
  return index;
}

/** Whether the `length` bytes at two places are equal. */
export function isSame(bytes: Buffer, one: number, other: number, length: number): boolean {
  for (let index = 0; index < length; index++) {
    if (bytes[one + index] !== bytes[other + index]) return false;
  }
  return true;
}

/** Whether exactly `text` stands at [start, end). */
export function isText(text: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (end - start !== text.length) return false;
  for (let index = 0; index < text.length; index++) {
    if (bytes[start + index] !== text[index]) return false;
  }
  return true;
}
