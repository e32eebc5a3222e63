// What an occupant says, without what only the room may say of it (XEP-0045 §17.3).
import { attributeOf, type Element, Jid, JidMalformed, Stanza, withoutChildren } from "../../src/extension/index.js";
import { MUC, MUC_USER } from "../payloads/0045-multi-user-chat.js";
import type { Room } from "./room.js";

const stanzaIds = "urn:xmpp:sid:0";
const delays = "urn:xmpp:delay";

/** For presence: `type` stays, `id` and the request to enter go. */
export function ownPresence(room: Room, presence: Stanza): Stanza {
  const isOurs = hasAny(room, presence, isOfPresence);
  const clean = isOurs ? withoutChildren(presence, (child) => isForged(room, child, isOfPresence)) : presence;
  return new Stanza(undefined, undefined, { ...clean.body, id: undefined }).compact();
}

/** For messages; nearly always the very message. */
export function ownMessage(room: Room, message: Stanza): Stanza {
  if (!hasAny(room, message, isOfMessage)) return message;
  return withoutChildren(message, (child) => isForged(room, child, isOfMessage));
}

/** XEP-0359 §4, XEP-0203 §5: an id or a delay by us that we have not given; others' are none of our business. */
function isForged(room: Room, child: Element, isOurs: Test): boolean {
  const namespace = child.getNS() ?? "";
  if (namespace === stanzaIds && child.getName() === "stanza-id") return isRoom(room, attributeOf(child, "by"));
  if (namespace === delays) return isRoom(room, attributeOf(child, "from"));
  return isOurs(room, namespace, child.getName());
}

/** Whether the address is the room's, however it is written, or none at all. */
function isRoom(room: Room, address: string | undefined): boolean {
  try {
    return address === undefined || Jid.parse(address).bare === room.jid;
  } catch (error) {
    if (error instanceof JidMalformed) return true;
    throw error;
  }
}

type Test = (room: Room, namespace: string, name: string) => boolean;

function hasAny(room: Room, { children }: Stanza, isOurs: Test): boolean {
  for (const { namespace, name } of children) if (isOurs(room, namespace, name)) return true;
  return false;
}

function isOfPresence(room: Room, namespace: string, name: string): boolean {
  return namespace === MUC || namespace === MUC_USER || mayBeOurs(namespace, name) || isReserved(room, namespace, name);
}

function isOfMessage(room: Room, namespace: string, name: string): boolean {
  if (namespace === "jabber:client") return false;
  return mayBeOurs(namespace, name) || namespace === MUC_USER || isReserved(room, namespace, name);
}

function mayBeOurs(namespace: string, name: string): boolean {
  return (namespace === stanzaIds && name === "stanza-id") || namespace === delays;
}

function isReserved({ surroundings: { hooks } }: Room, namespace: string, name: string): boolean {
  return hooks.reserved.size > 0 && hooks.reserved.has(`${namespace} ${name}`);
}
