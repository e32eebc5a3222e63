// An occupant changes its availability or its nickname (XEP-0045 §7.6, §7.7).
import { type Jid, type Stanza, StanzaError } from "../../src/extension/index.js";
import { isOwnNickname, nicknameFor, type Nickname } from "./nickname.js";
import { noteSignOfLife, type Occupant, type Seat } from "./occupant.js";
import { ownPresence } from "./own-words.js";
import { isBroadcast, ofItself, showToAll, tellOthers, unavailablePresence } from "./presence.js";
import type { Room } from "./room.js";

/** Available presence of somebody who is in. */
export function updatePresence(room: Room, presence: Stanza, occupant: Occupant): void {
  const seat = occupant.seats.get(presence.from as Jid);
  if (seat === undefined) return;
  noteSignOfLife(seat, room.surroundings.clock.now());
  if (isOwnNickname(occupant, presence.to as Jid)) return updateAvailability(room, presence, occupant, seat);
  const ownStatuses = rename(room, occupant, presence.to as Jid, presence.id);
  seat.presence = ownPresence(room, presence);
  occupant.shown = seat;
  showToAll(room, occupant, { ownStatuses });
}

/**
 * §7.6: all sessions behind the old nickname go by the new one, and it is left to the caller to show them so. Returns the
 * status codes with which whoever has asked is told then. Throws when they can't have it.
 */
export function rename(room: Room, occupant: Occupant, asked: Jid, id?: string): readonly number[] {
  const nickname = nicknameFor(room, occupant.bare, asked);
  requireMayChangeNickname(room, occupant, nickname);
  const { address, key, isChanged } = nickname;
  tellOfRenaming(room, occupant, address.resource, id);
  room.occupants.delete(occupant.key);
  occupant.address = address;
  occupant.key = key;
  room.occupants.set(key, occupant);
  return isChanged ? [210] : [];
}

function updateAvailability(room: Room, presence: Stanza, occupant: Occupant, seat: Seat): void {
  seat.presence = ownPresence(room, presence);
  occupant.shown = seat;
  showToAll(room, occupant);
}

/** Another nickname of the same user's is in use: that would make two occupants one, which §7.6 leaves to us. */
function requireMayChangeNickname({ occupants }: Room, occupant: Occupant, { key }: Nickname): void {
  const holder = occupants.get(key);
  if (holder !== undefined && holder !== occupant) throw new StanzaError("conflict");
}

function tellOfRenaming(room: Room, occupant: Occupant, nick: string, id: string | undefined): void {
  const { shown, role, seats } = occupant;
  // The role "none" would say that the occupant is gone, but it is not (§7.6, example 53).
  const remarks = { statuses: [303], item: { nick, role } };
  const make = (isOpen: boolean): Stanza => unavailablePresence(occupant, isOpen, remarks, { jid: shown.jid });
  if (isBroadcast(room, occupant)) tellOthers(room, occupant, make);
  const toItself = unavailablePresence(occupant, true, ofItself({ ...remarks, id }), { jid: shown.jid });
  for (const jid of seats.keys()) room.send(toItself.readdressed(jid));
}
