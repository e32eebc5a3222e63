// muc#admin: lists of people, and changes of what they are to the room (XEP-0045 §8.2 to §9.8, §10.3 to §10.8).
import { type Element, type IqAnswer, Jid, StanzaError } from "../../src/extension/index.js";
import { adminElement, MUC_ADMIN, type MucItem } from "../payloads/0045-multi-user-chat.js";
import * as asked from "./admin-request.js";
import { type AffiliationChange, changeAffiliations, requirePossible } from "./affiliations.js";
import type { Hooks } from "./hooks.js";
import type { RoomIqRequest } from "./iq-requests.js";
import { otherReserver, reservableKey } from "./nickname.js";
import { occupantNamed } from "./occupant-at.js";
import { requireMayGetList } from "./permissions.js";
import { isAdministrator, requireMayChangeAffiliation, requireMayChangeRole } from "./privileges.js";
import { changeRole, type RoleChange } from "./roles.js";
import type { Room } from "./room.js";
import type { Affiliation, Role, Standing } from "./standing.js";

export function serveAdmins(hooks: Hooks): void {
  hooks.roomIqs.set(`get ${MUC_ADMIN} query`, answerList);
  hooks.roomIqs.set(`set ${MUC_ADMIN} query`, makeChanges);
}

function answerList(request: RoomIqRequest): Element {
  const { room, payload } = request;
  const list = asked.listRequestIn(payload);
  requireMayGetList(standingOf(request), list, room.configuration);
  return adminElement("role" in list ? inRole(room, list.role) : affiliated(room, list.affiliation));
}

/** §17.4: bare JIDs, and no roles. */
function affiliated({ standings }: Room, wanted: Affiliation): readonly MucItem[] {
  const items: MucItem[] = [];
  for (const [jid, { affiliation, nick, reason }] of standings) {
    if (affiliation === wanted && wanted !== "none") items.push({ affiliation, jid: Jid.parse(jid), nick, reason });
  }
  return items;
}

/** §17.4: with full JIDs. */
function inRole({ occupants }: Room, wanted: Role): readonly MucItem[] {
  return [...occupants.values()]
    .filter(({ role }) => role === wanted)
    .map(({ nick, role, affiliation, shown }) => ({ nick, role, affiliation, jid: shown.jid }));
}

/** All or nothing (§9.2). */
function makeChanges(request: RoomIqRequest): IqAnswer | Promise<IqAnswer> {
  const { room, occupant, from, payload, afterAnswer } = request;
  const affiliations: AffiliationChange[] = [];
  const roles: RoleChange[] = [];
  for (const change of asked.changesIn(payload)) {
    if (change.kind === "role") roles.push(checkedRole(request, change));
    else affiliations.push(checkedAffiliation(request, change));
  }
  requireEachOnce(affiliations);
  requirePossible(room, affiliations); // before anybody is put out
  const actor = { jid: from, nick: occupant?.nick };
  const stored = roles.flatMap((change) => changeRole(room, change, actor, afterAnswer) ?? []);
  if (affiliations.length > 0) stored.push(changeAffiliations(room, affiliations, actor, afterAnswer));
  return stored.length === 0 ? undefined : Promise.all(stored).then(() => undefined);
}

/** Somebody may be named by address in one item and by nickname in another, and one nickname be reserved in two. */
function requireEachOnce(changes: readonly AffiliationChange[]): void {
  const nicknames = changes.flatMap(({ nick = "" }) => (nick === "" ? [] : [reservableKey(nick)]));
  if (new Set(nicknames).size < nicknames.length) throw new StanzaError("conflict");
  if (new Set(changes.map(({ jid }) => jid)).size < changes.length)
    throw new StanzaError("bad-request", { text: "Two items are of the same user." });
}

function standingOf({ affiliation, occupant }: RoomIqRequest): Standing {
  return { affiliation, role: occupant?.role ?? "none" };
}

function checkedAffiliation(request: RoomIqRequest, change: asked.AffiliationChange): AffiliationChange {
  const { room, from } = request;
  const { affiliation: to, nick, reason } = change;
  const jid = change.jid ?? occupantAsked(room, nick ?? "").bare;
  // Who bans a whole domain has an affiliation of their own, which comes first (§9.2).
  requireMayChangeAffiliation(standingOf(request), room.affiliationOf(jid), to, jid === from.bare);
  if (to === "outcast" && room.surroundings.admins.has(jid))
    throw new StanzaError("not-allowed", { text: "An admin of the host can't be banned." }); // §9.1
  if (change.jid === undefined) return { jid, to, reason };
  const isReserved = nick !== undefined && nick !== "" && otherReserver(room, jid, reservableKey(nick)) !== undefined;
  if (isReserved) throw new StanzaError("conflict");
  return { jid, to, nick, reason };
}

function checkedRole(request: RoomIqRequest, { nick, role: to, reason }: asked.RoleChange): RoleChange {
  const actor = standingOf(request);
  // Who may change no role at all learns nothing of who is here.
  if (!isAdministrator(actor.affiliation) && actor.role !== "moderator") throw new StanzaError("forbidden");
  const occupant = occupantAsked(request.room, nick);
  requireMayChangeRole(actor, occupant, to);
  return { occupant, to, reason };
}

function occupantAsked(room: Room, nick: string): RoleChange["occupant"] {
  const occupant = occupantNamed(room, nick);
  if (occupant === undefined) throw new StanzaError("item-not-found", { text: "Nobody here has this nickname." });
  return occupant;
}
