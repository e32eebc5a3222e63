// The fields that XEP-0045 §15.5.3 registers for the configuration of rooms. Left out: public logs and an associated pubsub
// node, neither of which there is. They are read in this order, and a later one may look at what an earlier one has set.
import type { Field } from "../payloads/0004-data-forms.js";
import type { Role } from "../payloads/0045-multi-user-chat.js";
import type { PrivateMessages } from "./configuration.js";
import { readAddresses } from "./configuration-addresses.js";
import {
  booleanField,
  choiceField,
  choicesField,
  type ConfigurationField,
  readClaim,
  readInteger,
  requireText,
  singleValue,
  textField,
  unacceptable,
} from "./configuration-field.js";
import { languageTag, longestLanguageTag } from "./language-tag.js";

/** The most that can be asked for; the service may allow less. */
const mostHistory = 1000;
const mostOccupants = 100_000;
const mostContacts = 10;
const longestPassword = 255;
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

const secret: ConfigurationField = {
  name: "muc#roomconfig_roomsecret",
  show: ({ password }) => ({ var: secret.name, type: "text-private", label: "Password", values: [password] }),
  read: (values, configuration) => {
    const password = singleValue(secret.name, values) ?? "";
    requireText(secret.name, password, { longest: longestPassword });
    return { ...configuration, password: password.trim() === "" ? "" : password }; // §10.1.3: a blank one is none
  },
};

/** Read after the password: a protected room must have one (§10.1.3), and an open one has none. */
const isProtected: ConfigurationField = {
  name: "muc#roomconfig_passwordprotectedroom",
  show: ({ password }) => {
    const label = "Whether the password is needed to enter";
    return { var: isProtected.name, type: "boolean", label, values: [password === "" ? "0" : "1"] };
  },
  read: (values, configuration) => {
    const claim = readClaim(isProtected.name, values);
    if (claim === true && configuration.password === "") throw unacceptable(secret.name, "A password is needed.");
    return claim === false ? { ...configuration, password: "" } : configuration;
  },
};

const occupantChoices = ["10", "20", "30", "50", "100", "200", "500", "1000"];

const occupants: ConfigurationField = {
  name: "muc#roomconfig_maxusers",
  show: ({ mostOccupants: present }) => {
    const value = present === 0 ? "none" : String(present);
    const numbers = new Set([...occupantChoices, ...(present === 0 ? [] : [value])]);
    const choices = new Map([...numbers].map((number) => [number, number]));
    const field: Field = {
      var: occupants.name,
      type: "list-single",
      label: "Most occupants at a time",
      values: [value],
    };
    return { ...field, choices: choices.set("none", "No limit"), validation: { datatype: "xs:string", isOpen: true } };
  },
  read: (values, configuration) => {
    const value = singleValue(occupants.name, values)?.trim() ?? "";
    if (value === "") return configuration;
    const number = value === "none" ? 0 : readInteger(occupants.name, value, 0, mostOccupants);
    return { ...configuration, mostOccupants: number };
  },
};

const history: ConfigurationField = {
  name: "muc#maxhistoryfetch",
  show: (configuration) => {
    const label = "Most messages of history that a newcomer is sent";
    const validation = { datatype: "xs:integer", range: { min: 0, max: mostHistory } } as const;
    return { var: history.name, type: "text-single", label, values: [String(configuration.mostHistory)], validation };
  },
  read: (values, configuration) => {
    const value = singleValue(history.name, values)?.trim() ?? "";
    if (value === "") return configuration;
    return { ...configuration, mostHistory: readInteger(history.name, value, 0, mostHistory) };
  },
};

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
