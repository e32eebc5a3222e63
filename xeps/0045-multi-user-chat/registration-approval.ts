// Who may become a member of a members-only room is for its admins to say (XEP-0045 §9.9).
import { type Jid, type Stanza, StanzaError } from "../../src/extension/index.js";
import { addressOf, formElement, isYes, submissionIn } from "../payloads/0004-data-forms.js";
import { changeAffiliations } from "./affiliations.js";
import { requireNotTooOften } from "./floods.js";
import { requireFree, reservableKey } from "./nickname.js";
import type { Occupant } from "./occupant.js";
import { isAdministrator } from "./privileges.js";
import { formType, NICKNAME, nicknameIn } from "./registration-form.js";
import type { Room } from "./room.js";
import { tell } from "./tell.js";

const ADDRESS = "muc#register_jid";
const ALLOW = "muc#register_allow";

/** The form goes to the admins who are here. */
export function askAdmins(room: Room, from: Jid, nick: string): undefined {
  const admins = [...room.seated].filter(([, { affiliation }]) => isAdministrator(affiliation)).map(([jid]) => jid);
  requireNotTooOften(room, from);
  if (admins.length === 0) throw new StanzaError("not-allowed", { text: "No admin of the room is here to allow it." });
  const form = formElement(
    { formType, title: "Registration request", instructions: "Somebody asks to become a member of the room." },
    [
      { var: ADDRESS, type: "jid-single", label: "Address", values: [from.bare.toString()] },
      { var: NICKNAME, type: "text-single", label: "Nickname", values: [nick] },
      { var: ALLOW, type: "boolean", label: "Allow this person to register?", values: ["0"] },
    ],
  );
  tell(room, admins, [form]);
}

/** An admin has filled in the form. False when the message is none of that kind. */
export async function decideRegistration(room: Room, message: Stanza, admin: Occupant | undefined): Promise<boolean> {
  const values = submissionIn(message, formType);
  if (values?.has(ALLOW) !== true) return false;
  if (admin === undefined || !isAdministrator(admin.affiliation)) throw new StanzaError("forbidden");
  const jid = addressOf(values, ADDRESS)?.bare;
  if (jid === undefined || jid.isDomain) throw new StanzaError("jid-malformed");
  if (!isYes(values, ALLOW) || room.affiliationOf(jid) !== "none") return true;
  const nick = nicknameIn(values);
  requireFree(room, jid, reservableKey(nick));
  const actor = { jid: message.from as Jid, nick: admin.nick };
  await changeAffiliations(room, [{ jid, to: "member", nick }], actor, (job) => job());
  return true;
}
