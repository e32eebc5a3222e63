// Whoever is in a room, shown to one of them: to a newcomer (XEP-0045 §7.2.2), and to a new moderator with addresses.
import type { Jid } from "../../src/extension/index.js";
import { inTurns, slices } from "./in-turns.js";
import type { Occupant } from "./occupant.js";
import { isBroadcast, seesAddresses, shownTo } from "./presence.js";
import type { Room } from "./room.js";

/** Those who are here, but for the viewer's own nickname. Yields between every few of them. */
export function* showOthers(room: Room, viewer: Occupant, sessions: readonly Jid[]): Generator<void, void> {
  yield* slices([...room.occupants.values()], (others) => {
    for (const other of others) if (other !== viewer && isShown(room, other)) showOne(room, viewer, other, sessions);
  });
}

/** Who has left between two turns must not come back. */
function isShown(room: Room, other: Occupant): boolean {
  return room.has(other) && isBroadcast(room, other);
}

function showOne(room: Room, viewer: Occupant, other: Occupant, sessions: readonly Jid[]): void {
  const shown = shownTo(viewer, room, other);
  for (const jid of sessions) if (room.seated.get(jid) === viewer) room.send(shown.readdressed(jid));
}

/** What a room is showing to its new moderators: to one after the other, or many would be too much for one turn. */
const showing = new WeakMap<Room, Promise<void>>();

/**
 * In a semi-anonymous room, whoever becomes a moderator sees addresses from now on (§9.6), and needs those of the people who
 * are here: a ban names an address (§9.1). `saw`: whether the occupant had seen them before.
 */
export function showAddresses(room: Room, viewer: Occupant, saw: boolean): void {
  if (saw || !seesAddresses(room, viewer)) return;
  const show = (): void | Promise<void> => {
    if (room.has(viewer)) return inTurns(showOthers(room, viewer, [...viewer.seats.keys()]));
  };
  const before = showing.get(room);
  const done = before === undefined ? show() : before.then(show);
  if (done === undefined) return;
  const last = done.finally(() => showing.get(room) === last && showing.delete(room));
  showing.set(room, last);
}
