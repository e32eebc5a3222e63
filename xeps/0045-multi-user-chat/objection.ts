// Whether a guard (hooks.ts) minds what an occupant wants to say: to all, or to one.
import type { Stanza, StanzaError } from "../../src/extension/index.js";
import type { Hooks } from "./hooks.js";
import type { Occupant } from "./occupant.js";
import type { Room } from "./room.js";

/** What the first guard that minds says; undefined when none does. */
export function objectionTo(
  message: Stanza,
  occupant: Occupant,
  room: Room,
  guards: Hooks["messageGuards" | "privateGuards"],
): StanzaError | undefined {
  for (const guard of guards) {
    const error = guard(room, occupant, message);
    if (error !== undefined) return error;
  }
  return undefined;
}
