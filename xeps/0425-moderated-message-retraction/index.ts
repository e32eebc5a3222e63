// XEP-0425: Moderated Message Retraction <https://xmpp.org/extensions/xep-0425.html>
import { extension, type IqAnswer, StanzaError } from "../../src/extension/index.js";
import { type Room, type RoomIqRequest, rooms, sayAsRoom, type TakenBack } from "../0045-multi-user-chat/index.js";
import { messageRetraction } from "../0424-message-retraction.js";
import { occupantIdentifiers } from "../0421-occupant-identifiers.js";
import { FASTENING, NS as RETRACT, tombstone } from "../payloads/0424-message-retraction.js";
import {
  announcement,
  isAnnouncement,
  NS,
  OLD_NS,
  oldRequestOf,
  type Request,
  requestOf,
  type Verdict,
  verdictElements,
} from "./versions.js";

export const moderatedMessageRetraction = extension({
  xep: "0425",
  name: "moderated-message-retraction",
  version: "0.3.0",
  sentence: "Lets moderators of rooms take messages of others back, from the history too.",
  requires: [rooms, occupantIdentifiers, messageRetraction],
  start(host) {
    const { hooks } = host.use(rooms);
    const { idOf } = host.use(occupantIdentifiers);
    hooks.roomFeatures.push(() => [NS, OLD_NS]);
    // §5: only the room says so
    for (const version of [NS, OLD_NS])
      for (const name of ["moderate", "moderated"]) hooks.reserved.add(`${version} ${name}`);
    hooks.messageGuards.push((_room, _occupant, message) =>
      isAnnouncement(message) ? new StanzaError("forbidden", { text: "Only the room itself says so." }) : undefined,
    );
    hooks.roomIqs.set(`set ${NS} moderate`, moderating(requestOf));
    hooks.roomIqs.set(`set ${FASTENING} apply-to`, moderating(oldRequestOf));
    hooks.takingBack.push(async (room, id, reason = "") => {
      const outcome = await takeBack(room, id, { by: room.jid.toString(), reason });
      if (outcome === "gone-now") host.log.info("room-message-moderated", { room: room.jid, id });
      return outcome;
    });

    /** `read`: what the IQ's payload asks for. */
    function moderating(read: (payload: RoomIqRequest["payload"]) => Request) {
      return async ({ room, occupant, from, payload }: RoomIqRequest): Promise<IqAnswer> => {
        const { id, reason } = read(payload);
        if (occupant?.role !== "moderator") throw new StanzaError("forbidden");
        const verdict = { by: occupant.address.toString(), occupantId: idOf(room, from), reason };
        const outcome = await takeBack(room, id, verdict);
        if (outcome === "unknown") throw new StanzaError("item-not-found");
        if (outcome === "gone-now") host.log.info("room-message-moderated", { room: room.jid, by: from.bare, id });
      };
    }

    /** What is gone already is nothing to tell anybody again. */
    async function takeBack(room: Room, id: string, verdict: Verdict): Promise<TakenBack> {
      const said = announcement(id, verdict);
      const original = await room.history.find(id, room.isStored);
      if (original === undefined) return "unknown";
      if (original.has(RETRACT, "retracted")) return "gone-before";
      const left = tombstone(original, said.id, host.clock.now(), ...verdictElements(verdict));
      await sayAsRoom(room, said, () => room.history.replace(id, left, room.isStored));
      return "gone-now";
    }
  },
});
