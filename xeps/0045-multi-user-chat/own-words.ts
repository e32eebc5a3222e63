// What an occupant says, without what only the room may say of it (XEP-0045 §17.3).
import { attributeOf, Stanza, withoutChildren } from "../../src/extension/index.js";
import { MUC, MUC_USER } from "../payloads/0045-multi-user-chat.js";
import type { Room } from "./room.js";

const stanzaIds = "urn:xmpp:sid:0";
const delays = "urn:xmpp:delay";

/** For presence: `type` stays, `id` and the request to enter go. */
export function ownPresence(room: Room, presence: Stanza): Stanza {
  const isOurs = hasAny(room, presence, isOfPresence);
  const clean = isOurs
    ? withoutChildren(presence, (child) => isOfPresence(room, child.getNS() ?? "", child.getName()))
    : presence;
  return new Stanza(undefined, undefined, { ...clean.body, id: undefined }).compact();
}

/** For messages; nearly always the very message. */
export function ownMessage(room: Room, message: Stanza): Stanza {
  if (!hasAny(room, message, isOfMessage)) return message;
  const forged = (by: string | undefined): boolean => by === undefined || by.startsWith(room.jid.toString());
  return withoutChildren(message, (child) => {
    const namespace = child.getNS() ?? "";
    // XEP-0359 §4, XEP-0203 §5: an id or a delay by us that we have not given; others' are none of our business
    if (namespace === stanzaIds && child.getName() === "stanza-id") return forged(attributeOf(child, "by"));
    if (namespace === delays) return forged(attributeOf(child, "from"));
    return isOfMessage(room, namespace, child.getName());
  });
}

type Test = (room: Room, namespace: string, name: string) => boolean;

function hasAny(room: Room, { children }: Stanza, isOurs: Test): boolean {
  for (const { namespace, name } of children) if (isOurs(room, namespace, name)) return true;
  return false;
}

function isOfPresence(room: Room, namespace: string, name: string): boolean {
  return namespace === MUC || namespace === MUC_USER || isReserved(room, namespace, name);
}

function isOfMessage(room: Room, namespace: string, name: string): boolean {
  if (namespace === "jabber:client") return false;
  const mayBeOurs = (namespace === stanzaIds && name === "stanza-id") || namespace === delays;
  return mayBeOurs || namespace === MUC_USER || isReserved(room, namespace, name);
}

function isReserved({ surroundings: { hooks } }: Room, namespace: string, name: string): boolean {
  return hooks.reserved.size > 0 && hooks.reserved.has(`${namespace} ${name}`);
}
