// What extensions say of an occupant beside what the room says (occupant ids, hats).
import type { Occupant } from "./occupant.js";
import type { Room } from "./room.js";

/** Asks them anew; whoever has changed something shows the occupant to all afterwards. */
export function remark(room: Room, occupant: Occupant): void {
  const marks = room.surroundings.hooks.marks.map((hook) => hook(room, occupant));
  occupant.mark(
    marks.flatMap(({ inMessages }) => inMessages ?? []),
    marks.flatMap(({ inPresence }) => inPresence ?? []),
  );
}
