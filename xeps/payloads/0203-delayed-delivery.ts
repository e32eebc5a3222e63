// XEP-0203: Delayed Delivery, version 2.0 <https://xmpp.org/extensions/xep-0203.html>
import { attributeOf, type Element, Jid, JidMalformed, type Stanza, xml } from "../../src/extension/index.js";
import { dateTime, readDateTime } from "./0082-date-time.js";

export const NS = "urn:xmpp:delay";

export interface Delay {
  /** Who held the stanza back. */
  readonly from: Jid | undefined;
  /** When it was sent at first; milliseconds since 1970. */
  readonly time: number;
}

/** The note that a stanza has been held back by `from` since `time` (milliseconds since 1970). */
export function delayElement(from: Jid, time: number, reason?: string): Element {
  return xml("delay", { xmlns: NS, from: from.toString(), stamp: dateTime(time) }, reason);
}

/** What the stanza says of its delay; undefined when it says nothing that can be read. Anybody can forge it (§5). */
export function delayOf(stanza: Stanza): Delay | undefined {
  const delay = stanza.child(NS, "delay");
  if (delay === undefined) return undefined;
  const time = readDateTime(attributeOf(delay, "stamp") ?? "");
  return time === undefined ? undefined : { from: addressOf(attributeOf(delay, "from")), time };
}

function addressOf(text: string | undefined): Jid | undefined {
  try {
    return text === undefined ? undefined : Jid.parse(text);
  } catch (error) {
    if (error instanceof JidMalformed) return undefined;
    throw error;
  }
}
