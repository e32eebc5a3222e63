// Leaving a room, of one's own will or not (XEP-0045 §7.14, §8.2, §9.1, §11).
import type { Element, Jid, Stanza } from "../../src/extension/index.js";
import { destroyElement } from "./destruction.js";
import { isTooLongToShow } from "./floods.js";
import type { Occupant } from "./occupant.js";
import { ownPresence } from "./own-words.js";
import { isBroadcast, ofItself, showToAll, type Remarks, tellOthers, unavailablePresence } from "./presence.js";
import type { Room } from "./room.js";

/** One session leaves; the occupant with it when it was the last. `words`: what it says as it goes. */
export function leave(room: Room, jid: Jid, remarks: Remarks = {}, words?: Stanza): void {
  const occupant = room.seated.get(jid);
  if (occupant === undefined) return; // §17.3: ignored in silence
  const own = words === undefined || isTooLongToShow(room, words) ? undefined : ownPresence(room, words);
  room.unseat(jid);
  occupant.seats.delete(jid);
  const isGone = occupant.seats.size === 0;
  // §10.1.3: before it was configured, a room ends with its creator's visit
  const ownMore = room.isLocked && isGone ? [destroyElement({ password: "", reason: "" })] : [];
  const self = ofItself({ ...remarks, ownMore, id: words?.id });
  if (isGone) room.occupants.delete(occupant.key);
  const farewell = unavailablePresence(occupant, true, self, { jid, words: own }).readdressed(jid);
  if (words === undefined) room.surroundings.farewells.note(farewell); // not of their own will
  room.send(farewell);
  if (isGone) announceDeparture(room, occupant, remarks, { jid, words: own });
  else if (occupant.shown.jid === jid) showRemaining(room, occupant);
  if (isGone) room.surroundings.log.debug("room-left", { room: room.jid, occupant: jid, nick: occupant.nick });
  forgetIfEmpty(room);
}

/**
 * All sessions of the occupant are put out. `announcing` is handed what tells the others: §8.2 has whoever asked for it
 * answered before.
 */
export function putOut(room: Room, occupant: Occupant, remarks: Remarks, announcing = atOnce): void {
  const { jid } = occupant.shown;
  takeOut(room, occupant);
  const self = ofItself(remarks);
  for (const each of occupant.seats.keys()) {
    const farewell = unavailablePresence(occupant, true, self, { jid: each }).readdressed(each);
    room.surroundings.farewells.note(farewell);
    room.send(farewell);
  }
  announcing(() => announceDeparture(room, occupant, remarks, { jid }));
  forgetIfEmpty(room);
}

function atOnce(job: () => void): void {
  job();
}

/** The room is gone, or the service: each is told of themselves alone (§10.9, §11.2). */
export function putAllOut(
  room: Room,
  { statuses = [], more = [] }: { statuses?: readonly number[]; more?: readonly Element[] },
): void {
  for (const occupant of room.occupants.values()) {
    occupant.affiliation = "none";
    const remarks = { statuses: [110, ...statuses], more };
    for (const jid of occupant.seats.keys()) {
      room.send(unavailablePresence(occupant, false, remarks, { jid }).readdressed(jid));
    }
  }
  room.occupants.clear();
  for (const jid of [...room.seated.keys()]) room.unseat(jid);
}

/** §7.14: "If the room is not persistent and this occupant is the last to exit, the service is responsible for destroying". */
export function forgetIfEmpty(room: Room): void {
  if (room.seated.size > 0 || room.isStored || room.isDestroyed) return;
  room.isDestroyed = true;
  room.surroundings.forget(room);
}

/**
 * What the occupant is to the room has changed, or which roles are shown to all (muc#roomconfig_presencebroadcast): for the
 * others, whoever is shown no more has left. They would not hear of it when that happens.
 */
export function showChanged(room: Room, occupant: Occupant, wasShown: boolean, remarks: Remarks = {}): void {
  const { jid } = occupant.shown;
  if (wasShown && !isBroadcast(room, occupant))
    tellOthers(room, occupant, (isOpen) => unavailablePresence(occupant, isOpen, {}, { jid }));
  showToAll(room, occupant, remarks);
}

function takeOut(room: Room, occupant: Occupant): void {
  room.occupants.delete(occupant.key);
  for (const jid of occupant.seats.keys()) room.unseat(jid);
}

function announceDeparture(
  room: Room,
  occupant: Occupant,
  remarks: Remarks,
  who: { readonly jid: Jid; readonly words?: Stanza | undefined },
): void {
  if (!isBroadcast(room, occupant)) return;
  tellOthers(room, occupant, (isOpen) => unavailablePresence(occupant, isOpen, remarks, who));
}

/** The session whose presence was shown has left: another one's is shown. */
function showRemaining(room: Room, occupant: Occupant): void {
  const [next] = occupant.seats.values();
  if (next === undefined) return;
  occupant.shown = next;
  showToAll(room, occupant);
}
