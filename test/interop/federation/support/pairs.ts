// Which servers meet, and the names of those who do it for them.
import type { Seat } from "./federation.js";

/** Each kind meets each other kind, both ways, and Rookery itself. */
export function pairsOf(taken: readonly Seat[]): (readonly [Seat, Seat])[] {
  const single = taken.filter((seat) => seat !== "another rookery");
  const pairs = single.flatMap((first) => single.map((second) => [first, second] as const));
  const itself = taken.length > single.length ? [["rookery", "another rookery"] as const] : [];
  return [...pairs.filter(([first, second]) => first !== second), ...itself];
}

/** Two names for each two servers, so that no account meets twice. */
export const couples = [
  ["romeo", "juliet"],
  ["hamlet", "ophelia"],
  ["othello", "desdemona"],
  ["antony", "cleopatra"],
  ["benedick", "beatrice"],
  ["orlando", "rosalind"],
  ["troilus", "cressida"],
] as const;
