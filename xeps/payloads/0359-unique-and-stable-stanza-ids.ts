// XEP-0359: Unique and Stable Stanza IDs, version 0.7.0 <https://xmpp.org/extensions/xep-0359.html>
import { attributeOf, type Element, Jid, JidMalformed, type Stanza, xml } from "../../src/extension/index.js";

export const NS = "urn:xmpp:sid:0";

/** The id that `by`, a room or an account, has given to a message. */
export function stanzaIdElement(id: string, by: Jid): Element {
  return xml("stanza-id", { xmlns: NS, id, by: by.toString() });
}

/** The id that `by` has given; undefined for none. The message must have come by way of `by`, or anybody can forge it. */
export function stanzaIdOf(stanza: Stanza, by: Jid): string | undefined {
  if (!stanza.has(NS, "stanza-id")) return undefined;
  const own = stanza
    .element()
    .getChildren("stanza-id", NS)
    .find((child) => isStanzaIdBy(child, by));
  return own && attributeOf(own, "id");
}

/** §3, rule 2: what claims to be of `by`, in whatever spelling, and must go before `by` passes the stanza on. */
export function isStanzaIdBy(element: Element, by: Jid): boolean {
  return element.is("stanza-id", NS) && isSame(attributeOf(element, "by") ?? "", by);
}

/** The id that the sender's client has given; anybody can give any. */
export function originIdOf(stanza: Stanza): string | undefined {
  const origin = stanza.child(NS, "origin-id");
  return origin && attributeOf(origin, "id");
}

function isSame(text: string, jid: Jid): boolean {
  try {
    return Jid.parse(text) === jid;
  } catch (error) {
    if (error instanceof JidMalformed) return false;
    throw error;
  }
}
