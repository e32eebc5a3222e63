// The room's subject (XEP-0045 §7.2.15, §8.1).
import {
  buildStanza,
  type Jid,
  parseStanza,
  type Stanza,
  StanzaError,
  withAppended,
  xml,
} from "../../src/extension/index.js";
import { delayElement } from "../payloads/0203-delayed-delivery.js";
import type { Occupant } from "./occupant.js";
import { mayChangeSubject } from "./permissions.js";
import type { Room } from "./room.js";

/** §8.1: a subject, and neither a body nor a thread. */
export function isSubjectChange(message: Stanza): boolean {
  if (!message.has("jabber:client", "subject")) return false;
  return !message.has("jabber:client", "body") && !message.has("jabber:client", "thread");
}

export function requireMayChangeSubject(room: Room, { role }: Occupant): void {
  if (!mayChangeSubject(role, room.configuration)) throw new StanzaError("forbidden");
}

/** What a newcomer is sent last: the subject as it was set, or an empty one. */
export function subjectFor(room: Room, to: Jid): Stanza {
  const { subject } = room;
  if (subject === undefined) {
    return buildStanza("message", { from: room.jid, to, type: "groupchat" }, xml("subject"));
  }
  return withAppended(parseStanza(subject.stanza), delayElement(room.jid, subject.at)).readdressed(to);
}

/** The subject as text; "" when there is none. */
export function subjectText({ subject }: Room): string {
  return subject === undefined ? "" : (parseStanza(subject.stanza).element().getChildText("subject") ?? "");
}
