// XEP-0425: Moderated Message Retraction <https://xmpp.org/extensions/xep-0425.html>
import {
  attributeOf,
  buildStanza,
  type Element,
  extension,
  type IqAnswer,
  StanzaError,
  xml,
} from "../src/extension/index.js";
import { type Room, type RoomIqRequest, rooms, sayAsRoom, type TakenBack } from "./0045-multi-user-chat/index.js";
import { messageRetraction } from "./0424-message-retraction.js";
import { occupantIdentifiers } from "./0421-occupant-identifiers.js";
import { occupantIdElement } from "./payloads/0421-occupant-identifiers.js";
import { NS as RETRACT, tombstone } from "./payloads/0424-message-retraction.js";

const NS = "urn:xmpp:message-moderate:1";
/** Characters of a reason. */
const mostReason = 1000;

export const moderatedMessageRetraction = extension({
  xep: "0425",
  name: "moderated-message-retraction",
  version: "0.3.0",
  sentence: "Lets moderators of rooms take messages of others back, from the history too.",
  requires: [rooms, occupantIdentifiers, messageRetraction],
  start(host) {
    const { hooks } = host.use(rooms);
    const { idOf } = host.use(occupantIdentifiers);
    hooks.roomFeatures.push(() => [NS]);
    // §6: only the room says so
    hooks.reserved.add(`${NS} moderate`);
    hooks.reserved.add(`${NS} moderated`);
    hooks.messageGuards.push((_room, _occupant, message) => {
      const isForged = message.child(RETRACT, "retract")?.getChild("moderated", NS) !== undefined;
      return isForged ? new StanzaError("forbidden", { text: "Only the room itself says so." }) : undefined;
    });
    hooks.roomIqs.set(`set ${NS} moderate`, moderate);
    hooks.takingBack.push(async (room, id, reason) => {
      const said = [moderatedElement({ by: room.jid.toString() }), ...reasonElement(reason ?? "")];
      const outcome = await takeBack(room, id, said);
      if (outcome === "gone-now") host.log.info("room-message-moderated", { room: room.jid, id });
      return outcome;
    });

    async function moderate({ room, occupant, from, payload }: RoomIqRequest): Promise<IqAnswer> {
      if (occupant?.role !== "moderator") throw new StanzaError("forbidden");
      const id = attributeOf(payload, "id");
      if (id === undefined || payload.getChild("retract", RETRACT) === undefined) throw new StanzaError("bad-request");
      const by = moderatedElement({ by: occupant.address.toString(), id: idOf(room, from) });
      const outcome = await takeBack(room, id, [by, ...reasonElement(payload.getChildText("reason") ?? "")]);
      if (outcome === "unknown") throw new StanzaError("item-not-found");
      if (outcome === "gone-now") host.log.info("room-message-moderated", { room: room.jid, by: from.bare, id });
    }

    /** `said`: by whom and why. What is gone already is nothing to tell anybody again. */
    async function takeBack(room: Room, id: string, said: readonly Element[]): Promise<TakenBack> {
      const original = await room.history.find(id, room.isStored);
      if (original === undefined) return "unknown";
      if (original.has(RETRACT, "retracted")) return "gone-before";
      const announcement = buildStanza(
        "message",
        { id: crypto.randomUUID() },
        xml("retract", { xmlns: RETRACT, id }, said),
      );
      await room.history.replace(id, tombstone(original, announcement.id, host.clock.now(), ...said), room.isStored);
      await sayAsRoom(room, announcement);
      return "gone-now";
    }
  },
});

/** §3.1: by whom, and their id, which stays when they change their nickname. */
function moderatedElement({ by, id }: { readonly by: string; readonly id?: string }): Element {
  return xml("moderated", { xmlns: NS, by }, id !== undefined && occupantIdElement(id));
}

function reasonElement(reason: string): readonly Element[] {
  if (reason.length > mostReason) throw new StanzaError("policy-violation", { text: "The reason is too long." });
  return reason === "" ? [] : [xml("reason", {}, reason)];
}
