// Messages to a room and to its occupants (XEP-0045 §7.4, §7.5, §17.2).
import { type Jid, type Stanza, StanzaError } from "../../src/extension/index.js";
import { removeUnreachable } from "./ghosts.js";
import { requireNoGuardMinds, sayToAll } from "./groupchat.js";
import { takeAsItIs } from "./locked-rooms.js";
import { noteSignOfLife, type Occupant } from "./occupant.js";
import { refuseFromOne, sayToOne } from "./private-message.js";
import type { Room } from "./room.js";

export function receiveMessage(room: Room, message: Stanza): void | Promise<void> {
  const from = message.from as Jid;
  const occupant = room.seated.get(from);
  if (message.type === "error") return receiveError(room, message, occupant);
  const seat = occupant?.seats.get(from);
  if (seat !== undefined) noteSignOfLife(seat, room.surroundings.clock.now());
  if (room.isLocked && occupant === undefined) throw new StanzaError("item-not-found");
  if (!(message.to as Jid).isBare) return sayToOne(room, message, occupant);
  if (message.type !== "groupchat") return receiveForRoom(room, message, occupant);
  if (occupant === undefined) throw new StanzaError("not-acceptable"); // §7.4
  if (room.isLocked && isForOthers(message))
    return takeAsItIs(room, from).then(() => sayToAll(room, message, occupant));
  return sayToAll(room, message, occupant);
}

/** What somebody has written, unlike what clients send of themselves. */
function isForOthers(message: Stanza): boolean {
  return message.has("jabber:client", "body") || message.has("jabber:client", "subject");
}

/** Invitations, voice requests and the like. §17.2: what is none of them is improperly typed. */
async function receiveForRoom(room: Room, message: Stanza, occupant: Occupant | undefined): Promise<void> {
  // They reach others by way of the room: moderators, or people who are invited.
  if (occupant !== undefined) requireNoGuardMinds(room, message, occupant);
  for (const hook of room.surroundings.hooks.roomMessages) if (await hook(room, message, occupant)) return;
  throw new StanzaError("bad-request", { text: "Messages to all are of type groupchat." });
}

/** What an occupant could not be sent, or what its client refuses: then whoever wrote a private message is told. */
function receiveError(room: Room, error: Stanza, occupant: Occupant | undefined): void {
  if (occupant === undefined || removeUnreachable(room, error)) return;
  if (!(error.to as Jid).isBare) refuseFromOne(room, error, occupant);
}
