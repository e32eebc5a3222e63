// How drivers order an archive: each message has a position, one number that grows with each message and tells its time.
import type { RangeCells } from "./engine.js";
import { StorageError } from "./storage-error.js";

/**
 * A message's position is its time times this, or, where that is not past the one before, the next number: the order is
 * the one in which messages came whatever the clock does, a range of time is a range of positions, and one index serves.
 */
export const positionsOfMillisecond = 1024;

/** Positions; neither is in the range. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Throws a StorageError "not-found" when the range starts from or ends at a message that is not there. */
export function boundsOf(
  [after, before, since, until]: RangeCells,
  positionOf: (id: string) => number | undefined,
): Bounds {
  const demand = (id: string): number => positionOf(id) ?? refuse(id);
  return {
    low: Math.max(beforeTime(since), after === null ? -Infinity : demand(after)),
    high: Math.min(afterTime(until), before === null ? Infinity : demand(before)),
  };
}

/** The last position before this time. */
export function beforeTime(since: number): number {
  return Math.ceil(since) * positionsOfMillisecond - 1;
}

function afterTime(until: number): number {
  return (Math.floor(until) + 1) * positionsOfMillisecond;
}

function refuse(id: string): never {
  throw new StorageError("not-found", `There is no message "${id}" in the archive.`);
}

/** Says that an id is taken. */
export function isTakenSentence(id: string): string {
  return `There is a message "${id}" in the archive already.`;
}
