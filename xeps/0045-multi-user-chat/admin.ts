// muc#admin: lists of people, and changes of what they are to the room (XEP-0045 §8.2 to §9.8, §10.3 to §10.8).
import { type Element, type IqAnswer, type Jid, StanzaError, xml } from "../../src/extension/index.js";
import { type AdminItem, adminItemsIn, itemElement, MUC_ADMIN, type MucItem } from "../payloads/0045-multi-user-chat.js";
import { type AffiliationChange, changeAffiliations } from "./affiliations.js";
import type { Hooks, RoomIqRequest } from "./hooks.js";
import { reservableKey } from "./nickname.js";
import { occupantNamed } from "./occupant-at.js";
import { requireMayChangeAffiliation, requireMayChangeRole } from "./privileges.js";
import { changeRole, type RoleChange } from "./roles.js";
import type { Room } from "./room.js";
import { type Affiliation, isAdminOrOwner, isAffiliation, isRole, type Role, type Standing } from "./standing.js";

/** Items of one request. */
const mostItems = 1000;
/** Characters of a reason. */
const mostReason = 1000;

export function serveAdmins(hooks: Hooks): void {
  hooks.roomIqs.set(`get ${MUC_ADMIN} query`, answerList);
  hooks.roomIqs.set(`set ${MUC_ADMIN} query`, makeChanges);
}

function answerList(request: RoomIqRequest): Element {
  const items = adminItemsIn(request.payload);
  return xml(
    "query",
    { xmlns: MUC_ADMIN },
    items.flatMap((item) => listOf(request, item)).map(itemElement),
  );
}

function listOf(request: RoomIqRequest, { affiliation, role }: AdminItem): readonly MucItem[] {
  if (isAffiliation(affiliation) && role === undefined) return affiliated(request, affiliation);
  if (isRole(role) && affiliation === undefined) return inRole(request, role);
  throw new StanzaError("bad-request");
}

/** §9.2, §9.5, §10.5, §10.8; §17.4: bare JIDs, and no roles. */
function affiliated({ room, occupant, affiliation: asker }: RoomIqRequest, wanted: Affiliation): readonly MucItem[] {
  requireMaySeeList(room, { affiliation: asker, role: occupant?.role ?? "none" }, wanted);
  const items: MucItem[] = [];
  for (const [jid, { affiliation, nick, reason }] of room.standings) {
    if (affiliation === wanted) items.push({ affiliation, jid, ...(nick === undefined ? {} : { nick }), reason });
  }
  return items;
}

/**
 * Outcasts are for admins, and so are members where addresses are secret; admins and owners are then for owners. In rooms
 * without secrets, whoever may see one list may see all but the outcasts (§9.5).
 */
function requireMaySeeList(room: Room, { affiliation, role }: Standing, wanted: Affiliation): void {
  if (affiliation === "owner" || (affiliation === "admin" && (wanted === "member" || wanted === "outcast"))) return;
  const { isNonAnonymous, memberListRoles } = room.configuration;
  const isTrusted = affiliation === "member" || affiliation === "admin" || memberListRoles.includes(role);
  if (isNonAnonymous && isTrusted && wanted !== "outcast" && wanted !== "none") return;
  throw new StanzaError("forbidden");
}

/** §8.5, §9.8: of occupants, and only moderators may ask; moderators are for admins. §17.4: with full JIDs. */
function inRole({ room, occupant, affiliation }: RoomIqRequest, wanted: Role): readonly MucItem[] {
  const isAdmin = isAdminOrOwner(affiliation);
  if (!isAdmin && (occupant?.role !== "moderator" || wanted === "moderator")) throw new StanzaError("forbidden");
  return [...room.occupants.values()]
    .filter(({ role }) => role === wanted)
    .map(({ nick, role, affiliation: theirs, shown }) => ({ nick, role, affiliation: theirs, jid: shown.jid.toString() }));
}

/** All or nothing (§9.2). */
function makeChanges(request: RoomIqRequest): IqAnswer | Promise<IqAnswer> {
  const { room, occupant, from, payload, afterAnswer } = request;
  const items = adminItemsIn(payload);
  if (items.length > mostItems) throw new StanzaError("policy-violation", { text: `At most ${mostItems} items.` });
  const changes = items.map((item) => checkedChange(request, item));
  const actor = { jid: from, nick: occupant?.nick };
  const roles = changes.flatMap((change) => ("occupant" in change ? [change] : []));
  const affiliations = changes.flatMap((change) => ("occupant" in change ? [] : [change]));
  const stored = roles.flatMap((change) => changeRole(room, change, actor, afterAnswer) ?? []);
  if (affiliations.length > 0) stored.push(changeAffiliations(room, affiliations, actor, afterAnswer));
  return stored.length === 0 ? undefined : Promise.all(stored).then(() => undefined);
}

function checkedChange(request: RoomIqRequest, item: AdminItem): AffiliationChange | RoleChange {
  const { affiliation, role } = item;
  if (isAffiliation(affiliation) && role === undefined) return checkedAffiliation(request, item, affiliation);
  if (isRole(role) && affiliation === undefined) return checkedRole(request, item, role);
  throw new StanzaError("bad-request"); // §17.4: the one or the other
}

function checkedAffiliation(request: RoomIqRequest, item: AdminItem, to: Affiliation): AffiliationChange {
  const { room, affiliation, occupant } = request;
  const jid = whom(request, item);
  const actor = { affiliation, role: occupant?.role ?? ("none" as const) };
  if (jid.isDomain && to !== "outcast" && to !== "none" && to !== "member") throw new StanzaError("bad-request");
  requireMayChangeAffiliation(actor, room.affiliationOf(jid), to);
  const isOwn = jid === request.from.bare || (jid.isDomain && jid.domain === request.from.domain);
  if (to === "outcast" && isOwn) throw new StanzaError("conflict"); // §9.1
  const { nick, reason } = item;
  if (nick !== undefined && nick !== "" && item.jid !== undefined) requireFreeNickname(room, jid, nick);
  return { jid, to, reason: bounded(reason), ...(item.jid === undefined ? {} : { nick }) };
}

/** By address; or by the nickname of an occupant, as some clients do. */
function whom({ room }: RoomIqRequest, { jid, nick }: AdminItem): Jid {
  if (jid !== undefined) return jid.bare;
  const occupant = nick === undefined ? undefined : occupantNamed(room, nick);
  if (occupant === undefined) throw new StanzaError(nick === undefined ? "bad-request" : "item-not-found");
  return occupant.bare;
}

function checkedRole({ room, occupant, affiliation }: RoomIqRequest, item: AdminItem, to: Role): RoleChange {
  if (item.nick === undefined) throw new StanzaError("bad-request");
  const target = occupantNamed(room, item.nick);
  const actor = { affiliation, role: occupant?.role ?? ("none" as const) };
  if (!isAdminOrOwner(affiliation) && actor.role !== "moderator") throw new StanzaError("forbidden");
  if (target === undefined) throw new StanzaError("item-not-found");
  requireMayChangeRole(actor, target, to);
  return { occupant: target, to, reason: bounded(item.reason) };
}

function requireFreeNickname(room: Room, jid: Jid, nick: string): void {
  const reserver = room.reserverOf(reservableKey(nick));
  if (reserver !== undefined && reserver !== jid.toString()) throw new StanzaError("conflict");
}

/** What everybody will be told. */
function bounded(reason: string | undefined): string | undefined {
  if ((reason?.length ?? 0) > mostReason) throw new StanzaError("policy-violation", { text: "The reason is too long." });
  return reason;
}
