// muc#owner: the configuration of a room, and its end (XEP-0045 §10.1, §10.2, §10.9).
import { attributeOf, type Element, type IqAnswer, StanzaError, xml } from "../../src/extension/index.js";
import { destructionIn, MUC_OWNER } from "../payloads/0045-multi-user-chat.js";
import { configurationForm, readConfiguration, standardFields } from "./configuration-form.js";
import { configure, unlock } from "./configure.js";
import { destroy } from "./destroy.js";
import type { Hooks, RoomIqRequest } from "./hooks.js";
import type { Room } from "./room.js";

const forms = "jabber:x:data";

export function serveOwners(hooks: Hooks): void {
  hooks.roomIqs.set(`get ${MUC_OWNER} query`, (request) => {
    requireIsOwner(request);
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
  const fields = [...standardFields, ...room.surroundings.hooks.fields];
  return configurationForm(`Configuration of ${room.jid.toString()}`, room.configuration, fields);
}

function obey(request: RoomIqRequest): IqAnswer | Promise<IqAnswer> {
  const { room, payload } = request;
  const end = payload.getChild("destroy");
  if (end !== undefined) return destroy(room, destructionIn(end), request.from).then(() => undefined);
  const form = payload.getChild("x", forms);
  const type = form === undefined ? undefined : attributeOf(form, "type");
  if (form !== undefined && type === "submit") return submit(request, form);
  if (type === "cancel") return cancel(request);
  throw new StanzaError("bad-request");
}

/** §10.1.2: an empty form takes the room as it is. */
async function submit({ room, afterAnswer, from, occupant }: RoomIqRequest, form: Element): Promise<IqAnswer> {
  const fields = [...standardFields, ...room.surroundings.hooks.fields];
  const wanted = readConfiguration(form, room.configuration, fields);
  const actor = { jid: from, nick: occupant?.nick };
  if (room.isLocked) await unlock(room, wanted);
  else await configure(room, wanted, actor, afterAnswer);
  return undefined;
}

/** §10.1.3: before the first configuration this ends the room; later it changes nothing. */
async function cancel({ room, from }: RoomIqRequest): Promise<IqAnswer> {
  if (room.isLocked) await destroy(room, {}, from);
  return undefined;
}
