// XEP-0045: Multi-User Chat, version 1.35.5 <https://xmpp.org/extensions/xep-0045.html>
import { attributeOf, type Element, Jid, JidMalformed, StanzaError, xml } from "../../src/extension/index.js";

export const MUC = "http://jabber.org/protocol/muc";
export const MUC_USER = `${MUC}#user`;
export const MUC_ADMIN = `${MUC}#admin`;
export const MUC_OWNER = `${MUC}#owner`;

/** What is said of somebody in an <item/>. */
export interface MucItem {
  readonly affiliation?: string;
  readonly role?: string;
  readonly jid?: string;
  readonly nick?: string;
  /** The nickname of whoever is behind it. */
  readonly actorNick?: string | undefined;
  readonly reason?: string | undefined;
}

/** <item/> as it stands in the <x/> of presence and in lists. */
export function itemElement({ affiliation, role, jid, nick, actorNick, reason }: MucItem): Element {
  return xml(
    "item",
    { affiliation, role, jid, nick },
    actorNick !== undefined && xml("actor", { nick: actorNick }),
    reason !== undefined && reason !== "" && xml("reason", {}, reason),
  );
}

/** The <x/> by which the room tells of occupants and of itself. */
export function userElement(
  items: readonly MucItem[],
  statuses: readonly number[],
  ...more: readonly Element[]
): Element {
  return xml(
    "x",
    { xmlns: MUC_USER },
    more,
    items.map(itemElement),
    statuses.map((code) => xml("status", { code })),
  );
}

/** One change that is asked for, or one question about a list. */
export interface AdminItem {
  readonly affiliation: string | undefined;
  readonly role: string | undefined;
  readonly jid: Jid | undefined;
  readonly nick: string | undefined;
  readonly reason: string | undefined;
}

/** The items of a muc#admin query. Throws <bad-request/> when there is none, <jid-malformed/> for an address that is none. */
export function adminItemsIn(query: Element): readonly AdminItem[] {
  const items = query.getChildren("item").map((item) => ({
    affiliation: attributeOf(item, "affiliation"),
    role: attributeOf(item, "role"),
    jid: addressIn(item, "jid"),
    nick: attributeOf(item, "nick"),
    reason: item.getChildText("reason") ?? undefined,
  }));
  if (items.length === 0) throw new StanzaError("bad-request");
  return items;
}

/** Where everybody is to go from a room that is gone (§10.9). */
export interface Destruction {
  readonly venue?: Jid | undefined;
  readonly password?: string | undefined;
  readonly reason?: string | undefined;
}

export function destroyElement({ venue, password, reason }: Destruction): Element {
  return xml(
    "destroy",
    { jid: venue?.toString() },
    password !== undefined && xml("password", {}, password),
    reason !== undefined && xml("reason", {}, reason),
  );
}

export function destructionIn(destroy: Element): Destruction {
  return {
    venue: addressIn(destroy, "jid"),
    password: destroy.getChildText("password") ?? undefined,
    reason: destroy.getChildText("reason") ?? undefined,
  };
}

/** An invitation by way of the room, or what the invited says to it when they don't come (§7.8.2). */
export interface MediatedInvitation {
  readonly kind: "invite" | "decline";
  readonly other: Jid;
  /** The element itself: the reason, a thread to continue. */
  readonly element: Element;
}

/** All of a message to a room; undefined when there is none. Throws <jid-malformed/> or <bad-request/>. */
export function invitationsIn(x: Element | undefined): readonly MediatedInvitation[] {
  const elements = x?.getChildElements().filter((child) => child.is("invite") || child.is("decline")) ?? [];
  return elements.map((element) => {
    const other = addressIn(element, "to");
    if (other === undefined) throw new StanzaError("bad-request");
    return { kind: element.is("invite") ? "invite" : "decline", other, element };
  });
}

/** An address that a stranger wrote; undefined where it is missing. */
export function addressIn(element: Element, attribute: string): Jid | undefined {
  const text = attributeOf(element, attribute);
  if (text === undefined) return undefined;
  try {
    return Jid.parse(text);
  } catch (error) {
    if (!(error instanceof JidMalformed)) throw error;
    throw new StanzaError("jid-malformed", { text: `${attribute} of <${element.getName()}/> is no address.` });
  }
}
