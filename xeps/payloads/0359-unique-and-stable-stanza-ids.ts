// XEP-0359: Unique and Stable Stanza IDs, version 0.7.0 <https://xmpp.org/extensions/xep-0359.html>
import { type Element, type Jid, xml } from "../../src/extension/index.js";

export const NS = "urn:xmpp:sid:0";

/** By which name `by` calls the stanza. */
export function stanzaIdElement(id: string, by: Jid): Element {
  return xml("stanza-id", { xmlns: NS, id, by: by.toString() });
}
