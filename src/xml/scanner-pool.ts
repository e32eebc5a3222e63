// Scanners at rest: only who reads an element needs one, and ten thousand idle streams need none.
import { Scanner } from "./scanner.js";

// A scanner at rest holds nothing of the stream that it worked for last. Bounded; shared by all readers.
const atRest: Scanner[] = [];
const MOST_AT_REST = 16;

/** A scanner to `begin` with. */
export function takeScanner(): Scanner {
  return atRest.pop() ?? new Scanner();
}

/** Takes back a scanner whose findings are not needed any more. */
export function returnScanner(scanner: Scanner): void {
  if (atRest.length < MOST_AT_REST) atRest.push(scanner);
}
