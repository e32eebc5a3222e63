// Presence to a room: entering, leaving, changing (XEP-0045 §7.2, §7.6, §7.7, §7.14, §17.3).
import { type Jid, type Stanza, StanzaError } from "../../src/extension/index.js";
import { MUC } from "../payloads/0045-multi-user-chat.js";
import { enter, enterAgain } from "./enter.js";
import { requireMayShow } from "./floods.js";
import { notInRoom } from "./not-in-room.js";
import { removeUnreachable } from "./ghosts.js";
import { leave } from "./leave.js";
import type { Room } from "./room.js";
import { updatePresence } from "./update-presence.js";

/** The promise settles when the room can go on with something else. */
export function receivePresence(room: Room, presence: Stanza): void | Promise<void> {
  const from = presence.from as Jid;
  if (presence.type === "error") return void removeUnreachable(room, presence);
  if (presence.type === "unavailable") return leave(room, from, {}, presence);
  if (presence.type !== undefined) return; // §17.3: neither enters nor leaves
  room.usedAt = room.surroundings.clock.now();
  const occupant = room.seated.get(from);
  const isRequest = presence.has(MUC, "x");
  if (occupant !== undefined || isRequest) requireMayShow(room, presence);
  if (occupant !== undefined && isRequest) return enterAgain(room, presence, occupant);
  if (occupant !== undefined) return updatePresence(room, presence, occupant);
  if (isRequest) return enter(room, presence);
  if ((presence.to as Jid).isBare) throw new StanzaError("jid-malformed");
  room.send(notInRoom(presence));
}
