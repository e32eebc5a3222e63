// Registering with a room: a nickname of one's own, membership (XEP-0045 §7.10, §7.12, §9.9; XEP-0077).
import {
  buildStanza,
  type Element,
  type IqAnswer,
  Jid,
  JidMalformed,
  prepareNickname,
  type Stanza,
  StanzaError,
  xml,
} from "../../src/extension/index.js";
import { INFO } from "./discovery.js";
import { formElement, formIn, type FormValues, valuesOf } from "../payloads/0004-data-forms.js";
import { MUC } from "../payloads/0045-multi-user-chat.js";
import { changeAffiliations } from "./affiliations.js";
import { requireNotTooOften } from "./floods.js";
import type { Hooks, RoomIqRequest } from "./hooks.js";
import { reservableKey } from "./nickname.js";
import { answersIn, registrationFieldsFor } from "./registration-fields.js";
import type { Occupant } from "./occupant.js";
import type { Room } from "./room.js";
import { isAdministrator } from "./privileges.js";

const NS = "jabber:iq:register";
const formType = `${MUC}#register`;
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
    { var: "muc#register_roomnick", type: "text-single", label: "Nickname", isRequired: true, values },
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
  requireFree(room, from.bare, nick);
  const extra = answersIn(values, room, from.bare);
  // §9.9: who may enter a members-only room is for its admins to say
  if (room.configuration.isMembersOnly && affiliation === "none") return askAdmins(room, from, nick);
  const to = affiliation === "none" ? "member" : affiliation;
  await changeAffiliations(room, [{ jid: from.bare, to, nick, extra }], undefined, afterAnswer);
  return undefined;
}

async function deregister({ room, from, affiliation, afterAnswer }: RoomIqRequest): Promise<IqAnswer> {
  if (room.standingOf(from)?.nick === undefined) throw new StanzaError("registration-required");
  const to = affiliation === "member" ? "none" : affiliation;
  await changeAffiliations(room, [{ jid: from.bare, to, nick: "", extra: {} }], undefined, afterAnswer);
  return undefined;
}

function nicknameIn(values: FormValues): string {
  const nick = values.get("muc#register_roomnick")?.[0];
  if (values.get("FORM_TYPE")?.[0] !== formType || nick === undefined) throw new StanzaError("bad-request");
  try {
    return prepareNickname(nick);
  } catch {
    throw new StanzaError("not-acceptable", { text: "This nickname is not allowed (RFC 8266)." });
  }
}

function requireFree(room: Room, jid: Jid, nick: string): void {
  const key = reservableKey(nick);
  const reserver = room.reserverOf(key);
  const holder = room.occupants.get(key);
  const isTaken =
    (reserver !== undefined && reserver !== jid.toString()) || (holder !== undefined && holder.bare !== jid);
  if (isTaken) throw new StanzaError("conflict");
}

/** The form goes to the admins who are here. */
function askAdmins(room: Room, from: Jid, nick: string): IqAnswer {
  const admins = [...room.seated].filter(([, { affiliation }]) => isAdministrator(affiliation)).map(([jid]) => jid);
  requireNotTooOften(room, from);
  if (admins.length === 0) throw new StanzaError("not-allowed", { text: "No admin of the room is here to allow it." });
  const form = formElement(
    { formType, title: "Registration request", instructions: "Somebody asks to become a member of the room." },
    [
      { var: "muc#register_jid", type: "jid-single", label: "Address", values: [from.bare.toString()] },
      { var: "muc#register_roomnick", type: "text-single", label: "Nickname", values: [nick] },
      { var: "muc#register_allow", type: "boolean", label: "Allow this person to register?", values: ["0"] },
    ],
  );
  const message = buildStanza("message", { from: room.jid, id: crypto.randomUUID() }, form);
  room.surroundings.service.sendToAll(message, admins);
  return undefined;
}

/** §9.9: an admin has filled in the form. */
async function decideRegistration(room: Room, message: Stanza, admin: Occupant | undefined): Promise<boolean> {
  if (!message.has("jabber:x:data", "x")) return false;
  const form = formIn(message.element(), "submit");
  const values = form === undefined ? undefined : valuesOf(form);
  if (values?.get("FORM_TYPE")?.[0] !== formType || !values.has("muc#register_allow")) return false;
  if (admin === undefined || !isAdministrator(admin.affiliation)) throw new StanzaError("forbidden");
  const jid = addressIn(values);
  const isAllowed = ["true", "1"].includes(values.get("muc#register_allow")?.[0] ?? "");
  if (!isAllowed || room.affiliationOf(jid) !== "none") return true;
  const nick = nicknameIn(values);
  requireFree(room, jid, nick);
  const actor = { jid: message.from as Jid, nick: admin.nick };
  await changeAffiliations(room, [{ jid, to: "member", nick }], actor, (job) => job());
  return true;
}

function addressIn(values: FormValues): Jid {
  try {
    return Jid.parse(values.get("muc#register_jid")?.[0] ?? "").bare;
  } catch (error) {
    if (error instanceof JidMalformed) throw new StanzaError("jid-malformed");
    throw error;
  }
}

/** §7.12: an empty answer says that there is none. */
function reservedNickname({ room, from }: RoomIqRequest): Element {
  const name = room.standingOf(from)?.nick;
  const identity = name !== undefined && xml("identity", { category: "conference", type: "text", name });
  return xml("query", { xmlns: INFO, node: "x-roomuser-item" }, identity);
}
