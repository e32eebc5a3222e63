// The form of registering with a room: what it is called, and the nickname that it asks for (XEP-0045 §7.10).
import { StanzaError } from "../../src/extension/index.js";
import type { FormValues } from "../payloads/0004-data-forms.js";
import { MUC } from "../payloads/0045-multi-user-chat.js";
import { reservable } from "./nickname.js";

export const formType = `${MUC}#register`;
export const NICKNAME = "muc#register_roomnick";

/** Throws when it is another form, or the nickname is none. */
export function nicknameIn(values: FormValues): string {
  const nick = values.get(NICKNAME)?.[0];
  if (values.get("FORM_TYPE")?.[0] !== formType || nick === undefined) throw new StanzaError("bad-request");
  return reservable(nick);
}
