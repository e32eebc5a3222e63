// The end of a room, and where its occupants may go on (XEP-0045 §10.9).
import { attributeOf, type Element, type Jid, StanzaError, xml } from "../../src/extension/index.js";
import { addressIn, MUC_OWNER, passwordIn, reasonElement, reasonIn } from "../payloads/0045-multi-user-chat.js";

export interface Destruction {
  /** The alternate venue. */
  readonly venue?: Jid | undefined;
  /** To enter the venue; "" for none. */
  readonly password: string;
  /** "" for none. */
  readonly reason: string;
}

/** Characters: everybody in the room is sent it. */
const longestPassword = 1000;

/**
 * What an owner asks for; undefined for a request that is about something else.
 * @param query the `<query xmlns='…muc#owner'/>`
 * @throws StanzaError jid-malformed, or not-acceptable for too long a reason or password
 */
export function destructionIn(query: Element): Destruction | undefined {
  const destroy = query.getChild("destroy", MUC_OWNER);
  if (destroy === undefined) return undefined;
  const hasVenue = (attributeOf(destroy, "jid") ?? "") !== "";
  const venue = hasVenue ? addressIn(destroy, "jid") : undefined;
  const password = passwordIn(destroy) ?? "";
  if (password.length > longestPassword) throw new StanzaError("not-acceptable", { text: "The password is too long." });
  return { venue, password, reason: reasonIn(destroy) };
}

/** `<destroy/>` for the last presence that occupants get, inside `userElement`. */
export function destroyElement({ venue, password, reason }: Destruction): Element {
  const secret = password !== "" && xml("password", {}, password);
  return xml("destroy", { jid: venue?.toString() }, secret, reasonElement(reason));
}
