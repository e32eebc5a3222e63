// Which messages are worth keeping for those who come later.
import type { Stanza } from "../../src/extension/index.js";

const hints = "urn:xmpp:hints";

/** What tells of a moment only: it says nothing to who was not there. */
const momentary: ReadonlySet<string> = new Set([
  "http://jabber.org/protocol/chatstates", // XEP-0085
  "urn:xmpp:chat-markers:0", // XEP-0333
  "urn:xmpp:receipts", // XEP-0184
  hints,
]);

/** XEP-0334 §4: the sender's wish first. Otherwise all that is not of the moment: retractions and reactions are kept, too. */
export function isKept(message: Stanza): boolean {
  if (message.has(hints, "no-store") || message.has(hints, "no-permanent-store")) return false;
  if (message.has("jabber:client", "body") || message.has(hints, "store")) return true;
  return message.children.some(({ namespace, name }) => !momentary.has(namespace) && name !== "thread");
}
