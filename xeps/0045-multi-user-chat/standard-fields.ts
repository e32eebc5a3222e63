// The fields that XEP-0045 §15.5.3 registers for the configuration of rooms. Left out: public logs and an associated pubsub
// node, neither of which there is. They are read in this order, and a later one may look at what an earlier one has set.
import type { Role } from "../payloads/0045-multi-user-chat.js";
import type { PrivateMessages } from "./configuration.js";
import { readAddresses } from "./configuration-addresses.js";
import { booleanField, choiceField, choicesField, type ConfigurationField, textField } from "./configuration-field.js";
import { history, occupants } from "./limit-fields.js";
import { languageTag, longestLanguageTag } from "./language-tag.js";
import { isProtected, secret } from "./password-fields.js";

const mostContacts = 10;
const longestName = 255;
const longestDescription = 4000;
const language = [languageTag, "This must be a language tag, such as en."] as const;

const inRoom = new Map<Role, string>([
  ["moderator", "Moderators"],
  ["participant", "Participants"],
  ["visitor", "Visitors"],
]);

const whomToTrust = new Map<"moderators" | "anyone", string>([
  ["moderators", "Moderators only"],
  ["anyone", "Anyone"],
]);

const whoMayWrite = new Map<PrivateMessages, string>([
  ["anyone", "Anyone"],
  ["participants", "Anyone with voice"],
  ["moderators", "Moderators only"],
  ["none", "Nobody"],
]);

/** §15.5.4: what the room tells of itself by this name is set by it too; §15.5.3 has no name of its own for it. */
const contacts: ConfigurationField = {
  name: "muc#roominfo_contactjid",
  show: (configuration) => {
    const label = "Whom to ask about the room";
    return { var: contacts.name, type: "jid-multi", label, values: configuration.contacts };
  },
  read: (values, configuration) => {
    return { ...configuration, contacts: readAddresses(contacts.name, values, mostContacts).map(String) };
  },
};

export const standardFields: readonly ConfigurationField[] = [
  textField("muc#roomconfig_roomname", "Name of the room", "name", { longest: longestName }),
  textField("muc#roomconfig_roomdesc", "What the room is about", "description", { longest: longestDescription, hasLines: true }), // prettier-ignore
  textField("muc#roomconfig_lang", "Language that is spoken, such as en", "language", { longest: longestLanguageTag, pattern: language }), // prettier-ignore
  booleanField("muc#roomconfig_persistentroom", "Whether the room stays when everybody has left", "isPersistent"),
  booleanField("muc#roomconfig_publicroom", "Whether the room can be found by anybody", "isPublic"),
  booleanField("muc#roomconfig_membersonly", "Whether only members may enter", "isMembersOnly"),
  booleanField("muc#roomconfig_allowinvites", "Whether members may invite others when only members may enter", "mayInvite"), // prettier-ignore
  secret,
  isProtected,
  booleanField("muc#roomconfig_moderatedroom", "Whether newcomers must be given voice before they may speak", "isModerated"), // prettier-ignore
  booleanField("muc#roomconfig_changesubject", "Whether everybody with voice may change the subject", "mayChangeSubject"), // prettier-ignore
  choiceField(
    "muc#roomconfig_allowpm",
    "Who may send private messages",
    whoMayWrite,
    ({ privateMessages }) => privateMessages,
    (privateMessages) => ({ privateMessages }),
  ),
  choiceField(
    "muc#roomconfig_whois",
    "Who sees the real addresses of occupants",
    whomToTrust,
    ({ isNonAnonymous }) => (isNonAnonymous ? "anyone" : "moderators"),
    (value) => ({ isNonAnonymous: value === "anyone" }),
  ),
  choicesField("muc#roomconfig_presencebroadcast", "Whose presence everybody sees", inRoom, "broadcastRoles"),
  choicesField("muc#roomconfig_getmemberlist", "Who may get the list of members", inRoom, "memberListRoles"),
  occupants,
  history,
  contacts,
];
