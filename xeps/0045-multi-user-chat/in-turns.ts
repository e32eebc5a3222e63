// Work for thousands of occupants is done in parts, between which the event loop looks at everything else.
import { setImmediate } from "node:timers/promises";

/**
 * Addresses that are dealt with in one go: making and writing a presence for each takes about four milliseconds, for which
 * whoever speaks in another room has to wait.
 */
export const mostInOneTurn = 250;

/**
 * Does the work: to its end, at once, when it never yields; else up to each `yield` in a turn of the event loop of its own,
 * and the promise settles when it is done. Whoever begins it sees to it that nothing comes in between that must not.
 */
export function inTurns(work: Iterator<void, void>): void | Promise<void> {
  return work.next().done === true ? undefined : finish(work);
}

async function finish(work: Iterator<void, void>): Promise<void> {
  do await setImmediate();
  while (work.next().done !== true);
}

/** Hands over `items` in slices, and yields between two of them. */
export function* slices<T>(items: readonly T[], hand: (slice: readonly T[]) => void): Generator<void, void> {
  for (let start = 0; start < items.length; start += mostInOneTurn) {
    if (start > 0) yield;
    hand(items.slice(start, start + mostInOneTurn));
  }
}
