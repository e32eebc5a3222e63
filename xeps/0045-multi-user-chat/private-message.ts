// A private message: from one occupant to another, by their addresses in the room (XEP-0045 §7.5).
import { type Jid, type Stanza, StanzaError, withoutChildren, xml } from "../../src/extension/index.js";
import { MUC_USER } from "../payloads/0045-multi-user-chat.js";
import { handedOn } from "./handed-on-error.js";
import { marked, markingOf } from "./marking.js";
import { objectionTo } from "./objection.js";
import { occupantAt } from "./occupant-at.js";
import type { Occupant } from "./occupant.js";
import { ownMessage } from "./own-words.js";
import { maySendPrivateMessages } from "./permissions.js";
import type { Room } from "./room.js";

const mark = markingOf([xml("x", { xmlns: MUC_USER })]);

/** `sender` is who writes, when they are in the room. */
export function sayToOne(room: Room, message: Stanza, sender: Occupant | undefined): void {
  if (message.type === "groupchat") throw new StanzaError("bad-request");
  if (sender === undefined) throw new StanzaError("not-acceptable");
  const recipient = occupantAt(room, message.to as Jid);
  if (recipient === undefined) throw new StanzaError("item-not-found");
  requireMayWrite(room, sender, recipient);
  const { service, hooks } = room.surroundings;
  const objection = objectionTo(message, sender, room, hooks.privateGuards);
  if (objection !== undefined) throw objection;
  const { from, type, id } = message.readdressed(undefined, sender.address);
  const sent = marked(ownMessage(room, message), { from, type, id }, mark, sender.messageMarks);
  // RECOMMENDED in §7.2.8: to all sessions behind the nickname
  service.sendToAll(sent, recipient.seats.keys());
}

/**
 * An occupant's client refuses what another one has written: whoever could not have written is told nothing, and nobody more
 * than the error, or else it would be a private message itself, where there may be none.
 */
export function refuseFromOne(room: Room, error: Stanza, occupant: Occupant): void {
  const writer = occupantAt(room, error.to as Jid);
  if (writer === undefined || !mayWrite(room, writer, occupant)) return;
  const { service, hooks } = room.surroundings;
  if (objectionTo(error, occupant, room, hooks.privateGuards) !== undefined) return;
  const { type, id } = error;
  const words = withoutChildren(error, (child) => child.getName() !== "error");
  const sent = marked(handedOn(room, words, writer), { from: occupant.address, type, id }, occupant.messageMarks);
  service.sendToAll(sent, writer.seats.keys());
}

function requireMayWrite(room: Room, sender: Occupant, recipient: Occupant): void {
  if (!mayWrite(room, sender, recipient))
    throw new StanzaError("forbidden", { text: "Private messages are not allowed here." });
}

/** A moderator may always be turned to, unless nobody may write to anybody. */
function mayWrite({ configuration }: Room, sender: Occupant, recipient: Occupant): boolean {
  if (maySendPrivateMessages(sender.role, configuration)) return true;
  return configuration.privateMessages !== "none" && recipient.role === "moderator";
}
