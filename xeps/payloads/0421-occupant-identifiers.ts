// XEP-0421: Occupant identifiers for semi-anonymous MUCs, version 1.0.1 <https://xmpp.org/extensions/xep-0421.html>
import { attributeOf, type Element, type Stanza, xml } from "../../src/extension/index.js";

export const NS = "urn:xmpp:occupant-id:0";

export function occupantIdElement(id: string): Element {
  return xml("occupant-id", { xmlns: NS, id });
}

/** Whose the stanza is, as the room has said. */
export function occupantIdOf(stanza: Stanza): string | undefined {
  const element = stanza.child(NS, "occupant-id");
  return element === undefined ? undefined : attributeOf(element, "id");
}
