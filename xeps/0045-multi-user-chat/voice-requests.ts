// Visitors ask for voice, moderators grant it (XEP-0045 §7.13, §8.6).
import { type Jid, type Stanza, StanzaError } from "../../src/extension/index.js";
import { addressOf, formElement, type FormValues, isYes, submissionIn } from "../payloads/0004-data-forms.js";
import { MUC } from "../payloads/0045-multi-user-chat.js";
import type { Hooks } from "./hooks.js";
import { occupantNamed } from "./occupant-at.js";
import type { Occupant } from "./occupant.js";
import { changeRole } from "./roles.js";
import type { Room } from "./room.js";
import { tell } from "./tell.js";

const formType = `${MUC}#request`;

export function serveVoiceRequests(hooks: Hooks): void {
  hooks.roomMessages.push((room, message, occupant) => {
    const values = submissionIn(message, formType);
    if (values === undefined) return false;
    if (occupant === undefined) throw new StanzaError("not-acceptable");
    if (values.has("muc#request_allow")) return decide(room, message, occupant, values).then(() => true);
    ask(room, occupant);
    return true;
  });
}

function ask(room: Room, asker: Occupant): void {
  if (asker.role !== "visitor") throw new StanzaError("bad-request", { text: "You have voice already." });
  const form = formElement(
    {
      formType,
      title: "Voice request",
      instructions:
        "Somebody asks to be allowed to speak. Check the box to allow it; cancel to leave things as they are.",
    },
    [
      { var: "muc#role", type: "list-single", label: "Requested role", values: ["participant"] },
      { var: "muc#jid", type: "jid-single", label: "Address", values: [asker.shown.jid.toString()] },
      { var: "muc#roomnick", type: "text-single", label: "Nickname", values: [asker.nick] },
      { var: "muc#request_allow", type: "boolean", label: "May this person speak?", values: ["false"] },
    ],
  );
  tell(room, moderatorsOf(room), [form]);
}

async function decide(room: Room, message: Stanza, moderator: Occupant, values: FormValues): Promise<void> {
  if (moderator.role !== "moderator") throw new StanzaError("forbidden");
  const asker = occupantNamed(room, values.get("muc#roomnick")?.[0] ?? "");
  if (!isYes(values, "muc#request_allow") || asker?.role !== "visitor") return;
  if (asker.bare !== addressOf(values, "muc#jid")?.bare) return; // somebody else goes by this nickname now
  const actor = { jid: message.from as Jid, nick: moderator.nick };
  await changeRole(room, { occupant: asker, to: "participant" }, actor, (job) => job());
}

function* moderatorsOf({ seated }: Room): Iterable<Jid> {
  for (const [jid, { role }] of seated) if (role === "moderator") yield jid;
}
