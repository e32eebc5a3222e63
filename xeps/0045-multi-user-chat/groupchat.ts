// A message to all (XEP-0045 §7.4), and the change of subject (§8.1), which looks like one.
import { type Jid, type Stanza, StanzaError } from "../../src/extension/index.js";
import { stanzaIdElement } from "../payloads/0359-unique-and-stable-stanza-ids.js";
import { objectionTo } from "./objection.js";
import type { Occupant } from "./occupant.js";
import { ownMessage } from "./own-words.js";
import type { Room } from "./room.js";
import type { Alongside, MessageAction, RoomMessage } from "./room-message.js";
import { isKept } from "./keeping.js";
import { marked, type Marking, markingOf, noMarking } from "./marking.js";
import { isSubjectChange, requireMayChangeSubject } from "./subject.js";

/** The promise settles when the message is on disk and has gone to all. */
export function sayToAll(room: Room, message: Stanza, occupant: Occupant): void | Promise<void> {
  requireVoice(room, message, occupant);
  if (isSubjectChange(message)) return changeSubject(room, message, occupant);
  requireNoGuardMinds(room, message, occupant);
  const own = ownMessage(room, message);
  const action = actionOf(room, own);
  if (action === undefined) return say(room, own, occupant);
  return action(room, occupant, own).then((alongside) => say(room, own, occupant, alongside));
}

/** What an extension does about such a message; the first that has to do with it. */
export function actionOf(room: Room, { children }: Stanza): MessageAction | undefined {
  for (const { namespace, name } of children) {
    const action = room.surroundings.hooks.messageActions.get(`${namespace} ${name}`);
    if (action !== undefined) return action;
  }
  return undefined;
}

function say(room: Room, own: Stanza, occupant: Occupant, alongside?: Alongside): void | Promise<void> {
  if (isKept(own)) return keepAndSend(room, own, occupant, alongside);
  const shown = reflection(occupant.address, own, occupant.messageMarks);
  const stored = allOf([alongside?.({ occupant, stanza: shown, id: undefined })]);
  return room.outgoing.send(stored, () => sendToAll(room, shown, occupant, undefined));
}

/** The room itself says something: everybody is sent it once it is kept. For extensions. */
export function sayAsRoom(room: Room, message: Stanza, alongside?: Alongside): void | Promise<void> {
  return keepAndSend(room, message, undefined, alongside);
}

function keepAndSend(
  room: Room,
  message: Stanza,
  occupant: Occupant | undefined,
  alongside: Alongside | undefined,
): void | Promise<void> {
  const id = crypto.randomUUID();
  const marks = occupant?.messageMarks ?? noMarking;
  const shown = reflection(occupant?.address ?? room.jid, message, marks, markingOf([stanzaIdElement(id, room.jid)]));
  const said = { occupant, stanza: shown, id };
  const { hooks, together } = room.surroundings;
  const stored = together(() => keep(room, said, id, alongside));
  const due = (): Promise<void> | undefined => allOf(hooks.messageDue.map((hook) => hook(room, said)));
  return room.outgoing.send(stored, () => sendToAll(room, shown, occupant, id), due);
}

/** Undefined when nothing of it has to be stored. */
function keep(room: Room, message: RoomMessage, id: string, alongside?: Alongside): Promise<void> | undefined {
  const { hooks, clock } = room.surroundings;
  return allOf([
    alongside?.(message),
    ...hooks.messageKept.map((hook) => hook(room, message)),
    room.history.add(id, clock.now(), message.stanza, room.isStored),
  ]);
}

function requireVoice({ surroundings }: Room, message: Stanza, { role }: Occupant): void {
  if (role === "visitor") throw new StanzaError("forbidden"); // §7.4
  if (message.body.content.length <= surroundings.options.message_size) return;
  throw new StanzaError("policy-violation", { text: "The message is too long for this room." });
}

export function requireNoGuardMinds(room: Room, message: Stanza, occupant: Occupant): void {
  const objection = objectionTo(message, occupant, room, room.surroundings.hooks.messageGuards);
  if (objection !== undefined) throw objection;
}

function changeSubject(room: Room, message: Stanza, occupant: Occupant): void | Promise<void> {
  requireMayChangeSubject(room, occupant);
  requireNoGuardMinds(room, message, occupant);
  const shown = reflection(occupant.address, ownMessage(room, message), occupant.messageMarks);
  return keepSubject(room, shown, occupant);
}

/** The room itself sets its subject. */
export function setSubject(room: Room, message: Stanza): void | Promise<void> {
  return keepSubject(room, reflection(room.jid, message), undefined);
}

function keepSubject(room: Room, shown: Stanza, occupant: Occupant | undefined): void | Promise<void> {
  const at = room.surroundings.clock.now();
  room.subject = { stanza: shown.compact().toXml("jabber:client"), at };
  const saved = room.save();
  room.surroundings.log.info("room-subject-changed", { room: room.jid, by: occupant?.bare });
  return room.outgoing.send(saved, () => sendToAll(room, shown, occupant, undefined));
}

function sendToAll(
  room: Room,
  stanza: Stanza,
  occupant: Occupant | undefined,
  id: string | undefined,
): void | Promise<void> {
  room.usedAt = room.surroundings.clock.now();
  room.broadcast(stanza);
  return allOf(room.surroundings.hooks.messageSent.map((hook) => hook(room, { occupant, stanza, id })));
}

/** Settles when all of them have; undefined when there is nothing to wait for. */
function allOf(jobs: readonly (Promise<unknown> | void)[]): Promise<void> | undefined {
  const begun = jobs.filter((job) => job !== undefined);
  return begun.length === 0 ? undefined : Promise.all(begun).then(() => undefined);
}

/** §7.4: the very message, id and all, from the sender's address in the room; addressed to nobody yet. */
function reflection(from: Jid, message: Stanza, ...marks: readonly Marking[]): Stanza {
  return marked(message, { from, type: "groupchat", id: message.id ?? crypto.randomUUID() }, ...marks);
}
