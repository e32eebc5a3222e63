// XEP-0045: Multi-User Chat, version 1.35.5 <https://xmpp.org/extensions/xep-0045.html>
import { type Element, type Jid, xml } from "../../src/extension/index.js";

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
    reason !== undefined && reason !== "" && xml("reason", {}, reason),
  );
}

/** A list that somebody asks for (§8.5, §9.2, §9.5, §9.8, §10.5, §10.8). */
export type ListRequest = { readonly affiliation: Affiliation } | { readonly role: Role };

/** A change of a role, by nickname (§8.2–8.5, §9.6–9.8). */
export interface RoleChange {
  readonly kind: "role";
  readonly nick: string;
  readonly role: Role;
  readonly reason: string;
}

/** A change of an affiliation (§9.1–9.5, §10.3–10.8). */
export interface AffiliationChange {
  readonly kind: "affiliation";
  readonly affiliation: Affiliation;
  /** The bare address (§10.3: of a full one the bare form is meant); absent where the item has a nickname only. */
  readonly jid: Jid | undefined;
  /** The nickname that a new member is to have (§9.3), or that of the occupant who is meant. */
  readonly nick: string | undefined;
  readonly reason: string;
}
export type AdminChange = RoleChange | AffiliationChange;
