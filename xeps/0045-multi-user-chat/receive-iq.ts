// IQs to a room, which it answers itself, and to its occupants, which it hands on (XEP-0045 §17.4).
import { type Jid, type Stanza, StanzaError } from "../../src/extension/index.js";
import { answerIq } from "./answer-iq.js";
import { forwardAnswer, forwardRequest } from "./forward-iq.js";
import type { RoomIqRequest } from "./iq-requests.js";
import { occupantAt } from "./occupant-at.js";
import type { Room } from "./room.js";

export function receiveIq(room: Room, iq: Stanza): void | Promise<void> {
  const { from, to } = iq as { readonly from: Jid; readonly to: Jid };
  const occupant = room.seated.get(from);
  const isRequest = iq.type === "get" || iq.type === "set";
  if (!isRequest) return void (to.isBare || forwardAnswer(room, iq, occupant));
  const { service, hooks } = room.surroundings;
  const more = { room, occupant, affiliation: room.affiliationOf(from) };
  if (!to.isBare) return toOccupant(room, iq, more);
  if (room.isLocked && more.affiliation !== "owner") throw new StanzaError("item-not-found");
  room.usedAt = room.surroundings.clock.now();
  return answerIq(service, iq, hooks.roomIqs, (request) => ({ ...request, ...more }));
}

type Asker = Pick<RoomIqRequest, "room" | "occupant" | "affiliation">;

/** What the room answers to an occupant about itself, else what the one asked does. */
function toOccupant(room: Room, iq: Stanza, asker: Asker): void | Promise<void> {
  const { service, hooks } = room.surroundings;
  const child = iq.children[0];
  const key = `${iq.type ?? ""} ${child?.namespace ?? ""} ${child?.name ?? ""}`;
  const isOwn = asker.occupant !== undefined && occupantAt(room, iq.to as Jid) === asker.occupant;
  if (isOwn && hooks.ownIqs.has(key))
    return answerIq(service, iq, hooks.ownIqs, (request) => ({ ...request, ...asker }));
  return forwardRequest(room, iq, asker.occupant);
}
