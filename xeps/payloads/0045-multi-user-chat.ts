// XEP-0045: Multi-User Chat, version 1.35.5 <https://xmpp.org/extensions/xep-0045.html>
import { attributeOf, type Element, Jid, JidMalformed, StanzaError, xml } from "../../src/extension/index.js";

export const MUC = "http://jabber.org/protocol/muc";
export const MUC_ADMIN = "http://jabber.org/protocol/muc#admin";
export const MUC_OWNER = "http://jabber.org/protocol/muc#owner";
export const MUC_USER = "http://jabber.org/protocol/muc#user";

/** Types of forms (§15.5). */
export const MUC_REGISTER = "http://jabber.org/protocol/muc#register";
export const MUC_REQUEST = "http://jabber.org/protocol/muc#request";
export const MUC_ROOMCONFIG = "http://jabber.org/protocol/muc#roomconfig";
export const MUC_ROOMINFO = "http://jabber.org/protocol/muc#roominfo";

/** Long-lived, by bare address (§5.2). */
export type Affiliation = "owner" | "admin" | "member" | "none" | "outcast";
/** For as long as the occupant is in the room (§5.1). */
export type Role = "moderator" | "participant" | "visitor" | "none";

export const affiliations: readonly Affiliation[] = ["owner", "admin", "member", "none", "outcast"];
export const roles: readonly Role[] = ["moderator", "participant", "visitor", "none"];

/** `<item/>`, of muc#user and of muc#admin alike; what is absent is left out. */
export interface MucItem {
  readonly affiliation?: Affiliation | undefined;
  readonly role?: Role | undefined;
  readonly jid?: Jid | undefined;
  readonly nick?: string | undefined;
  /** Who did it. */
  readonly actorNick?: string | undefined;
  readonly reason?: string | undefined;
}

/** `<x xmlns='…muc#user'>`: items, status codes, and whatever else follows (an invitation, a password, `<destroy/>`). */
export function userElement(items: readonly MucItem[], statuses: readonly number[], ...more: Element[]): Element {
  const codes = statuses.map((code) => xml("status", { code }));
  return xml("x", { xmlns: MUC_USER }, items.map(itemElement), codes, more);
}

/** `<query xmlns='…muc#admin'>`: the answer to a request for a list. */
export function adminElement(items: readonly MucItem[]): Element {
  return xml("query", { xmlns: MUC_ADMIN }, items.map(itemElement));
}

export function itemElement({ affiliation, role, jid, nick, actorNick, reason }: MucItem): Element {
  return xml(
    "item",
    { affiliation, role, jid: jid?.toString(), nick },
    actorNick !== undefined && xml("actor", { nick: actorNick }),
    reasonElement(reason),
  );
}

/** The longest reason that is accepted, in UTF-16 code units: some are kept, and all are sent to everybody. */
const longestReason = 1000;

/** `<reason/>` of an item, an invitation or a destruction; "" for none. */
export function reasonIn(parent: Element): string {
  const reason = parent.getChildText("reason", parent.getNS())?.trim() ?? "";
  if (reason.length > longestReason)
    throw new StanzaError("not-acceptable", { text: `A reason has at most ${longestReason} characters.` });
  return reason;
}

export function reasonElement(reason: string | undefined): Element | undefined {
  return reason === undefined || reason === "" ? undefined : xml("reason", {}, reason);
}

/** The password with which somebody enters (§7.2.5); undefined for none. */
export function passwordIn(muc: Element): string | undefined {
  return muc.getChildText("password", muc.getNS()) ?? undefined;
}

/** @throws StanzaError jid-malformed, or bad-request where there is none */
export function addressIn(element: Element, name: string): Jid {
  const text = attributeOf(element, name);
  if (text === undefined || text === "") throw new StanzaError("bad-request", { text: `The ${name} is missing.` });
  try {
    return Jid.parse(text);
  } catch (error) {
    if (error instanceof JidMalformed) throw new StanzaError("jid-malformed", { text: `The ${name} is no address.` });
    throw error;
  }
}
