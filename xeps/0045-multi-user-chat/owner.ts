// muc#owner: the configuration of a room, and its end (XEP-0045 §10.1, §10.2, §10.9).
import { attributeOf, type Element, type IqAnswer, Jid, StanzaError, xml } from "../../src/extension/index.js";
import { MUC_OWNER } from "../payloads/0045-multi-user-chat.js";
import { type AffiliationChange, changeAffiliations, requireOwner } from "./affiliations.js";
import {
  type AffiliationLists,
  affiliationListsIn,
  configurationForm,
  readConfiguration,
} from "./configuration-form.js";
import { configure, unlock } from "./configure.js";
import { destroy } from "./destroy.js";
import { destructionIn } from "./destruction.js";
import type { Hooks } from "./hooks.js";
import type { RoomIqRequest } from "./iq-requests.js";
import { fieldsOf } from "./room-settings.js";
import type { Room } from "./room.js";
import type { Affiliation } from "./standing.js";

const forms = "jabber:x:data";

export function serveOwners(hooks: Hooks): void {
  hooks.roomIqs.set(`get ${MUC_OWNER} query`, (request) => {
    requireIsOwner(request);
    request.room.isFormOut = true;
    return xml("query", { xmlns: MUC_OWNER }, formOf(request.room));
  });
  hooks.roomIqs.set(`set ${MUC_OWNER} query`, (request) => {
    requireIsOwner(request);
    return obey(request);
  });
}

function requireIsOwner({ affiliation }: RoomIqRequest): void {
  if (affiliation !== "owner") throw new StanzaError("forbidden");
}

function formOf(room: Room): Element {
  const fields = fieldsOf(room.surroundings.hooks);
  const lists = { owners: listOf(room, "owner"), admins: listOf(room, "admin") };
  return configurationForm(`Configuration of ${room.jid.toString()}`, room.configuration, fields, lists);
}

function listOf({ standings }: Room, wanted: Affiliation): readonly Jid[] {
  return [...standings].flatMap(([jid, { affiliation }]) => (affiliation === wanted ? [Jid.parse(jid)] : []));
}

function obey(request: RoomIqRequest): IqAnswer | Promise<IqAnswer> {
  const { room, payload } = request;
  const destruction = destructionIn(payload);
  if (destruction !== undefined) return destroy(room, destruction, request.from).then(() => undefined);
  const form = payload.getChild("x", forms);
  const type = form === undefined ? undefined : attributeOf(form, "type");
  if (form !== undefined && type === "submit") return submit(request, form);
  if (type === "cancel") return cancel(request);
  throw new StanzaError("bad-request");
}

/** §10.1.2: an empty form takes the room as it is. */
async function submit({ room, afterAnswer, from, occupant }: RoomIqRequest, form: Element): Promise<IqAnswer> {
  const fields = fieldsOf(room.surroundings.hooks);
  const wanted = readConfiguration(form, room.configuration, fields);
  const actor = { jid: from, nick: occupant?.nick };
  const changes = changesOf(room, affiliationListsIn(form));
  // Whoever becomes an admin of a room that is for members only from now on stays in it.
  if (changes.length > 0) await changeAffiliations(room, changes, actor, afterAnswer);
  if (room.isLocked) await unlock(room, wanted, from);
  else await configure(room, wanted, actor, afterAnswer);
  return undefined;
}

/**
 * §10.2: the form has the whole lists. Who is an owner no more is an admin, unless the admins are listed as well, and who is
 * an admin no more is a member. Throws when no owner would be left.
 */
function changesOf(room: Room, { owners, admins }: AffiliationLists): readonly AffiliationChange[] {
  const wanted = new Map<Jid, Affiliation>();
  const demoted = admins === undefined ? "admin" : "member";
  for (const jid of owners === undefined ? [] : listOf(room, "owner")) wanted.set(jid, demoted);
  for (const jid of admins === undefined ? [] : listOf(room, "admin")) wanted.set(jid, "member");
  for (const jid of admins ?? [])
    if (room.affiliationOf(jid) !== "owner" || owners !== undefined) wanted.set(jid, "admin");
  for (const jid of owners ?? []) wanted.set(jid, "owner");
  const changes = [...wanted]
    .filter(([jid, to]) => room.standingOf(jid)?.affiliation !== to)
    .map(([jid, to]) => ({ jid, to }));
  requireOwner(room, changes);
  return changes;
}

/** §10.1.3: before the first configuration this ends the room; later it changes nothing. */
async function cancel({ room, from }: RoomIqRequest): Promise<IqAnswer> {
  if (room.isLocked) await destroy(room, { password: "", reason: "" }, from);
  return undefined;
}
