// Registering with a room: a nickname of one's own, membership (XEP-0045 §7.10, §7.12; XEP-0077).
import { type Element, type IqAnswer, type Jid, StanzaError, xml } from "../../src/extension/index.js";
import { formElement, formIn, valuesOf } from "../payloads/0004-data-forms.js";
import { changeAffiliations } from "./affiliations.js";
import { INFO } from "./discovery.js";
import type { Hooks } from "./hooks.js";
import type { RoomIqRequest } from "./iq-requests.js";
import { requireFree, reservableKey } from "./nickname.js";
import { askAdmins, decideRegistration } from "./registration-approval.js";
import { answersIn, registrationFieldsFor } from "./registration-fields.js";
import { formType, NICKNAME, nicknameIn } from "./registration-form.js";
import type { Room } from "./room.js";
import type { Affiliation } from "./standing.js";

const NS = "jabber:iq:register";
const instructions = "Choose a nickname of your own.";

export function serveRegistration(hooks: Hooks): void {
  hooks.features.add(NS);
  hooks.roomIqs.set(`get ${NS} query`, answerRequirements);
  hooks.roomIqs.set(`set ${NS} query`, register);
  hooks.roomNodes.set("x-roomuser-item", reservedNickname);
  hooks.roomMessages.push(decideRegistration);
}

function answerRequirements({ room, from, affiliation }: RoomIqRequest): Element {
  requireMayRegister(affiliation);
  const nick = room.standingOf(from)?.nick;
  const more = registrationFieldsFor(room, from.bare);
  const known = nick !== undefined && [xml("registered"), xml("username", {}, nick)];
  // whoever has registered needs the form only if there is something to choose beside the nickname
  if (known !== false && more.length === 0) return xml("query", { xmlns: NS }, known);
  const values = nick === undefined ? [] : [nick];
  const form = formElement({ formType, title: `Registration with ${room.jid.toString()}`, instructions }, [
    { var: NICKNAME, type: "text-single", label: "Nickname", isRequired: true, values },
    ...more,
  ]);
  return xml("query", { xmlns: NS }, known, xml("instructions", {}, instructions), form);
}

function requireMayRegister(affiliation: RoomIqRequest["affiliation"]): void {
  if (affiliation === "outcast") throw new StanzaError("not-allowed");
}

async function register(request: RoomIqRequest): Promise<IqAnswer> {
  const { room, payload, from, affiliation, afterAnswer } = request;
  requireMayRegister(affiliation);
  if (payload.getChild("remove") !== undefined) return deregister(request);
  const form = formIn(payload, "submit");
  if (form === undefined) throw new StanzaError("bad-request");
  const values = valuesOf(form);
  const nick = nicknameIn(values);
  requireFree(room, from.bare, reservableKey(nick));
  const extra = answersIn(values, room, from.bare);
  if (affiliation === "none" && isForAdmins(room, from)) return askAdmins(room, from, nick);
  const own = ownAffiliation(room, from);
  const to = own === "none" ? "member" : own;
  await changeAffiliations(room, [{ jid: from.bare, to, nick, extra }], undefined, afterAnswer);
  return undefined;
}

/** §9.9: who may enter a members-only room is for its admins to say; so is who has voice: members have it. */
function isForAdmins({ configuration, occupants }: Room, jid: Jid): boolean {
  if (configuration.isMembersOnly || configuration.isModerated) return true;
  return [...occupants.values()].some(({ bare, role }) => bare === jid.bare && role === "visitor");
}

/** What the room itself remembers: not what somebody is by their domain, or as an admin of the host. */
function ownAffiliation(room: Room, jid: Jid): Affiliation {
  return room.standingOf(jid)?.affiliation ?? "none";
}

async function deregister({ room, from, afterAnswer }: RoomIqRequest): Promise<IqAnswer> {
  if (room.standingOf(from)?.nick === undefined) throw new StanzaError("registration-required");
  const own = ownAffiliation(room, from);
  const to = own === "member" ? "none" : own;
  await changeAffiliations(room, [{ jid: from.bare, to, nick: "", extra: {} }], undefined, afterAnswer);
  return undefined;
}

/** §7.12: an empty answer says that there is none. */
function reservedNickname({ room, from }: RoomIqRequest): Element {
  const name = room.standingOf(from)?.nick;
  const identity = name !== undefined && xml("identity", { category: "conference", type: "text", name });
  return xml("query", { xmlns: INFO, node: "x-roomuser-item" }, identity);
}
