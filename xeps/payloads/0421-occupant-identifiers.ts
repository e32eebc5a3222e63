// XEP-0421: Occupant identifiers for semi-anonymous MUCs, version 1.0.1 <https://xmpp.org/extensions/xep-0421.html>
import { createHmac } from "node:crypto";
import { attributeOf, type Element, type Jid, type Stanza, xml } from "../../src/extension/index.js";

export const NS = "urn:xmpp:occupant-id:0";

/** Of the hash: enough that nobody finds another user with the same, and short, for every copy of every message has it. */
const keptBytes = 18;

/**
 * §4.1: the same for a user whenever they are in the room, and nothing that tells who it is.
 * @param secret of the room, which nobody else knows; 32 random bytes
 */
export function occupantId(secret: Uint8Array | string, user: Jid): string {
  const hash = createHmac("sha256", secret).update(user.bare.toString()).digest();
  return hash.subarray(0, keptBytes).toString("base64url");
}

export function occupantIdElement(id: string): Element {
  return xml("occupant-id", { xmlns: NS, id });
}

/** Whose the stanza is, as the room that it came from has said. */
export function occupantIdOf(stanza: Stanza): string | undefined {
  const element = stanza.child(NS, "occupant-id");
  return element && attributeOf(element, "id");
}
