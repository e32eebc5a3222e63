// What the service and its rooms tell of themselves (XEP-0045 §6).
import { attributeOf, type Element, type IqAnswer, Jid, StanzaError, xml } from "../../src/extension/index.js";
import { type Info, infoElement } from "../0030-service-discovery.js";
import { type Field, resultForm } from "../payloads/0004-data-forms.js";
import { MUC } from "../payloads/0045-multi-user-chat.js";
import { pageOf, pageRequestIn, setElement } from "../payloads/0059-result-set-management.js";
import type { Hooks } from "./hooks.js";
import type { RoomIqRequest, ServiceIqRequest } from "./iq-requests.js";
import type { Listed, Listing } from "./listing.js";
import type { Room } from "./room.js";
import type { Affiliation } from "./standing.js";
import { subjectText } from "./subject.js";

export const INFO = "http://jabber.org/protocol/disco#info";
export const ITEMS = "http://jabber.org/protocol/disco#items";

/** Rooms in one answer. */
const mostItems = 100;

/** §6.4, §7.4: what every room and the service itself can do. */
const features = [INFO, ITEMS, MUC, `${MUC}#stable_id`, "urn:xmpp:sid:0", "vcard-temp"];

/** §6.2 */
export function serviceInfo({ payload }: ServiceIqRequest, name: string, hooks: Hooks): Element {
  if (attributeOf(payload, "node") !== undefined) throw new StanzaError("item-not-found");
  const identities = [{ category: "conference", type: "text", name }];
  return infoElement(undefined, { identities, features: [...features, ...hooks.features] });
}

/** §6.4 */
export function roomInfo(request: RoomIqRequest): IqAnswer | Promise<IqAnswer> {
  const { room, payload } = request;
  const node = attributeOf(payload, "node");
  if (node === undefined) return infoElement(undefined, infoOf(room, mayKnowSubject(request)));
  const source = room.surroundings.hooks.roomNodes.get(node);
  if (source !== undefined) return source(request);
  // §18.1.1: nothing is kept from passing, so there is no list of what may
  if (node === `${MUC}#traffic`) throw new StanzaError("service-unavailable");
  throw new StanzaError("item-not-found");
}

/** §6.3: a part of the list at most, with XEP-0059 for the rest. */
export async function serviceItems({ payload }: ServiceIqRequest, service: Jid, listing: Listing): Promise<Element> {
  if (attributeOf(payload, "node") !== undefined) throw new StanzaError("item-not-found");
  const request = pageRequestIn(payload);
  const all = await listing.all();
  const addressOf = ({ room }: Listed): string => Jid.of(room, service.domain).toString();
  const page = pageOf(all, request ?? { most: undefined, after: undefined, before: undefined }, mostItems, addressOf);
  const isWhole = request === undefined && page.items.length === page.count;
  return xml(
    "query",
    { xmlns: ITEMS },
    page.items.map((item) => xml("item", { jid: addressOf(item), name: item.name === "" ? item.room : item.name })),
    !isWhole && setElement(page, addressOf),
  );
}

/** §6.5: who is in a room is told to those who are. */
export function roomItems(request: RoomIqRequest): Element | Promise<Element> {
  const { room, occupant, payload } = request;
  const node = attributeOf(payload, "node");
  if (node !== undefined) return itemsOfNode(node, request);
  const known = occupant === undefined ? [] : [...room.occupants.values()];
  return xml(
    "query",
    { xmlns: ITEMS },
    known.map(({ address }) => xml("item", { jid: address.toString() })),
  );
}

function itemsOfNode(node: string, request: RoomIqRequest): Element | Promise<Element> {
  const source = request.room.surroundings.hooks.roomItems.get(node);
  if (source === undefined) throw new StanzaError("item-not-found");
  return source(request);
}

/** What is said in a room is for those who may enter: what it is about just now, too. */
function mayKnowSubject({ room, occupant, affiliation }: RoomIqRequest): boolean {
  const { isMembersOnly, password } = room.configuration;
  return occupant !== undefined || hasStanding(affiliation) || (!isMembersOnly && password === "");
}

function hasStanding(affiliation: Affiliation): boolean {
  return affiliation !== "none" && affiliation !== "outcast";
}

/** What anybody may know of a room who knows its address, and its subject for some. */
function infoOf(room: Room, hasSubject: boolean): Info {
  const { configuration, surroundings } = room;
  const { hooks } = surroundings;
  const name = configuration.name === "" ? room.name : configuration.name;
  return {
    identities: [{ category: "conference", type: "text", name }],
    features: [...features, ...hooks.features, ...typesOf(room), ...hooks.roomFeatures.flatMap((hook) => hook(room))],
    forms: [resultForm(`${MUC}#roominfo`, fieldsOf(room, hasSubject))],
  };
}

/** The room's types, by the names of §15.3. */
function typesOf({ configuration: room }: Room): readonly string[] {
  return [
    room.password === "" ? "muc_unsecured" : "muc_passwordprotected",
    room.isPublic ? "muc_public" : "muc_hidden",
    room.isPersistent ? "muc_persistent" : "muc_temporary",
    room.isMembersOnly ? "muc_membersonly" : "muc_open",
    room.isModerated ? "muc_moderated" : "muc_unmoderated",
    room.isNonAnonymous ? "muc_nonanonymous" : "muc_semianonymous",
  ];
}

/** §15.5.4 */
function fieldsOf(room: Room, hasSubject: boolean): readonly Field[] {
  const { configuration, occupants, surroundings } = room;
  return [
    { var: "muc#maxhistoryfetch", values: [String(Math.min(configuration.mostHistory, surroundings.options.history))] },
    { var: "muc#roominfo_contactjid", type: "jid-multi", values: configuration.contacts },
    { var: "muc#roominfo_description", values: [configuration.description] },
    { var: "muc#roominfo_lang", values: configuration.language === "" ? [] : [configuration.language] },
    { var: "muc#roominfo_occupants", values: [String(occupants.size)] },
    ...(hasSubject ? [{ var: "muc#roominfo_subject", values: [subjectText(room)] }] : []),
    { var: "muc#roominfo_subjectmod", type: "boolean", values: [configuration.mayChangeSubject ? "1" : "0"] },
    { var: "muc#roomconfig_roomname", values: [configuration.name] },
    { var: "muc#roomconfig_changesubject", type: "boolean", values: [configuration.mayChangeSubject ? "1" : "0"] },
    { var: "muc#roomconfig_allowinvites", type: "boolean", values: [configuration.mayInvite ? "1" : "0"] },
    ...surroundings.hooks.roomInfo.flatMap((hook) => hook(room)),
  ];
}
