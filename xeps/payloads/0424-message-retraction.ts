// XEP-0424: Message Retraction, version 0.4.2 <https://xmpp.org/extensions/xep-0424.html>
import { attributeOf, buildStanza, type Element, type Stanza, xml } from "../../src/extension/index.js";
import { dateTime } from "./0082-date-time.js";
import { NS as occupantIds } from "./0421-occupant-identifiers.js";
import { NS as stanzaIds } from "./0359-unique-and-stable-stanza-ids.js";

export const NS = "urn:xmpp:message-retract:1";
/** Up to version 0.3 <https://xmpp.org/extensions/attic/xep-0424-0.3.0.html>, inside what XEP-0422 fastens to the message. */
export const OLD_NS = "urn:xmpp:message-retract:0";
export const FASTENING = "urn:xmpp:fasten:0";

/** The id of the message that this one retracts, in either version. */
export function retractedId(message: Stanza): string | undefined {
  const fastening = message.child(FASTENING, "apply-to");
  const isOldRetraction = fastening?.getChild("retract", OLD_NS) !== undefined;
  const retract = message.child(NS, "retract") ?? (isOldRetraction ? fastening : undefined);
  return retract === undefined ? undefined : attributeOf(retract, "id");
}

/**
 * §5: what is left of a message of a room: who and when, not what. `by`: the id of the retraction; `time`: of the
 * retraction, milliseconds since 1970; `more`: what else is to be said of it.
 */
export function tombstone(message: Stanza, by: string | undefined, time: number, ...more: readonly Element[]): Stanza {
  const { id, type, to, from } = message;
  const kept = [message.child(occupantIds, "occupant-id"), ...message.element().getChildren("stanza-id", stanzaIds)];
  const retracted = xml("retracted", { xmlns: NS, id: by, stamp: dateTime(time) }, more);
  const elements = kept.flatMap((element) => (element === undefined ? [] : [element]));
  return buildStanza("message", { id, type, to, from }, ...elements, retracted);
}
