// The configuration form of a room (XEP-0045 §10.1.3, §10.2, §15.5.3).
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Element, Jid, xml } from "../../../src/extension/index.js";
import { defaultConfiguration, type RoomConfiguration } from "../../../xeps/0045-multi-user-chat/configuration.js";
import {
  affiliationListsIn,
  changedConfiguration,
  configurationForm,
  isInstantRoom,
  plainNameOf,
  readConfiguration,
  standardFields,
} from "../../../xeps/0045-multi-user-chat/configuration-form.js";
import { valuesOf } from "../../../xeps/payloads/0004-data-forms.js";
import { assertSame } from "../../support/same-xml.js";
import { refusalOf } from "./conditions.js";

const FORM_TYPE = "http://jabber.org/protocol/muc#roomconfig";

const balcony: RoomConfiguration = {
  name: "The balcony",
  description: "Capulet's orchard.\nMind the kinsmen.",
  language: "en-GB",
  isPersistent: true,
  isPublic: false,
  isMembersOnly: true,
  isModerated: true,
  isNonAnonymous: true,
  password: " wherefore ",
  mostOccupants: 2,
  mayChangeSubject: true,
  mayInvite: true,
  privateMessages: "participants",
  broadcastRoles: ["moderator", "visitor"],
  memberListRoles: [],
  mostHistory: 7,
  contacts: ["nurse@verona.example"],
  extra: {},
};

type Values = Readonly<Record<string, string | readonly string[]>>;

/** A submitted form; the prefix of most names is left out. */
function submission(values: Values, formType: string | undefined = FORM_TYPE): Element {
  const fields = Object.entries(values).map(([name, value]) => {
    const texts = (typeof value === "string" ? [value] : value).map((text) => xml("value", {}, text));
    return xml("field", { var: name.includes("#") ? name : `muc#roomconfig_${name}` }, texts);
  });
  const type = formType !== "" && xml("field", { var: "FORM_TYPE" }, xml("value", {}, formType));
  return xml("x", { xmlns: "jabber:x:data", type: "submit" }, type, fields);
}

function read(values: Values, before = defaultConfiguration): RoomConfiguration {
  return readConfiguration(submission(values), before, standardFields);
}

/** What the values change. */
function changes(values: Values, before = defaultConfiguration): Partial<RoomConfiguration> {
  const after = Object.entries(read(values, before));
  return Object.fromEntries(after.filter(([name, value]) => value !== before[name as keyof RoomConfiguration]));
}

test("§15.5.3: each field has its registered name and type", () => {
  const fields = standardFields.map((field) => field.show(defaultConfiguration));
  assert.deepEqual(Object.fromEntries(fields.map(({ var: name, type }) => [name, type])), {
    "muc#maxhistoryfetch": "text-single",
    "muc#roomconfig_allowinvites": "boolean",
    "muc#roomconfig_allowpm": "list-single",
    "muc#roomconfig_changesubject": "boolean",
    "muc#roomconfig_getmemberlist": "list-multi",
    "muc#roomconfig_lang": "text-single",
    "muc#roomconfig_maxusers": "list-single",
    "muc#roomconfig_membersonly": "boolean",
    "muc#roomconfig_moderatedroom": "boolean",
    "muc#roomconfig_passwordprotectedroom": "boolean",
    "muc#roomconfig_persistentroom": "boolean",
    "muc#roomconfig_presencebroadcast": "list-multi",
    "muc#roomconfig_publicroom": "boolean",
    "muc#roomconfig_roomdesc": "text-single",
    "muc#roomconfig_roomname": "text-single",
    "muc#roomconfig_roomsecret": "text-private",
    "muc#roomconfig_whois": "list-single",
    "muc#roominfo_contactjid": "jid-multi",
  });
  assert.ok(fields.every(({ label = "" }) => label.length > 3));
  assert.deepEqual(standardFields.map(({ name }) => name), fields.map((field) => field.var)); // prettier-ignore
});

test("fields have short names for the command line, each its own", () => {
  const names = standardFields.map(({ name }) => plainNameOf(name));
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.every((name) => /^[a-z]+$/.test(name)));
  assert.equal(plainNameOf("muc#maxhistoryfetch"), "maxhistoryfetch");
  assert.equal(plainNameOf("{urn:example:hats}colour"), "colour");
});

test("the form shows the present values, choices, and the lists of admins and owners where they are given", () => {
  const lists = { owners: [Jid.parse("juliet@verona.example")], admins: [] };
  const fields = standardFields.filter(({ name }) => /whois|maxusers|membersonly|broadcast|maxhistory/.test(name));
  assertSame(
    configurationForm("The balcony", balcony, fields, lists),
    `<x xmlns='jabber:x:data' type='form'><title>The balcony</title>
      <field var='FORM_TYPE' type='hidden'><value>${FORM_TYPE}</value></field>
      <field var='muc#roomconfig_membersonly' type='boolean' label='{any}'><value>1</value></field>
      <field var='muc#roomconfig_whois' type='list-single' label='{any}'><value>anyone</value>
        <option label='Moderators only'><value>moderators</value></option>
        <option label='Anyone'><value>anyone</value></option></field>
      <field var='muc#roomconfig_presencebroadcast' type='list-multi' label='{any}'>
        <value>moderator</value><value>visitor</value>
        <option label='Moderators'><value>moderator</value></option>
        <option label='Participants'><value>participant</value></option>
        <option label='Visitors'><value>visitor</value></option></field>
      <field var='muc#roomconfig_maxusers' type='list-single' label='{any}'>
        <validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:string'><open/></validate>
        <value>2</value>
        ${["10", "20", "30", "50", "100", "200", "500", "1000", "2"].map((number) => `<option label='${number}'><value>${number}</value></option>`).join("")}
        <option label='No limit'><value>none</value></option></field>
      <field var='muc#maxhistoryfetch' type='text-single' label='{any}'>
        <validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:integer'><range min='0' max='1000'/></validate>
        <value>7</value></field>
      <field var='muc#roomconfig_roomadmins' type='jid-multi' label='{any}'/>
      <field var='muc#roomconfig_roomowners' type='jid-multi' label='{any}'><value>juliet@verona.example</value></field>
    </x>`,
  );
});

test("a form that is sent back as it was shown changes nothing", () => {
  for (const configuration of [balcony, defaultConfiguration]) {
    const form = configurationForm("A room", configuration, standardFields);
    assert.deepEqual(readConfiguration(form, configuration, standardFields), configuration);
    assert.deepEqual(readConfiguration(form, { ...balcony, extra: configuration.extra }, standardFields), configuration); // prettier-ignore
  }
});

test("§10.2: absent fields keep their value, unknown ones and those without a value change nothing", () => {
  assert.deepEqual(read({}, balcony), balcony);
  assert.deepEqual(read({ haunted: "1", "muc#toString": "x", "muc#__proto__": "x" }, balcony), balcony);
  for (const { name } of standardFields.filter(({ name }) =>
    /whois|allowpm|maxusers|maxhistory|lic|persistent/.test(name),
  ))
    // prettier-ignore
    assert.deepEqual(read({ [name]: [] }, balcony), balcony);
  assert.deepEqual(readConfiguration(submission({ publicroom: "1" }, ""), balcony, standardFields).isPublic, true);
});

test("every field is read", () => {
  assert.deepEqual(changes({ roomname: "  The tomb " }), { name: "The tomb" });
  assert.deepEqual(changes({ roomdesc: "Dark.\nCold." }), { description: "Dark.\nCold." });
  assert.deepEqual(changes({ roomdesc: [] }, balcony), { description: "" });
  assert.deepEqual(changes({ lang: "it" }), { language: "it" });
  assert.deepEqual(changes({ persistentroom: "true" }), { isPersistent: true });
  assert.deepEqual(changes({ publicroom: "0" }), { isPublic: false });
  assert.deepEqual(changes({ membersonly: "1", allowinvites: "1" }), { isMembersOnly: true, mayInvite: true });
  assert.deepEqual(changes({ moderatedroom: "1", changesubject: " true " }), {
    isModerated: true,
    mayChangeSubject: true,
  });
  assert.deepEqual(changes({ allowpm: "none" }), { privateMessages: "none" });
  assert.deepEqual(changes({ whois: "anyone" }), { isNonAnonymous: true });
  assert.deepEqual(changes({ presencebroadcast: ["visitor", "moderator", "visitor"] }), { broadcastRoles: ["moderator", "visitor"] }); // prettier-ignore
  assert.deepEqual(changes({ getmemberlist: [] }), { memberListRoles: [] });
  assert.deepEqual(changes({ maxusers: "73" }), { mostOccupants: 73 });
  assert.deepEqual(changes({ maxusers: "none" }, balcony), { mostOccupants: 0 });
  assert.deepEqual(changes({ "muc#maxhistoryfetch": "0" }), { mostHistory: 0 });
  const contacts = ["Nurse@verona.example/kitchen", "", "nurse@verona.example"];
  assert.deepEqual(changes({ "muc#roominfo_contactjid": contacts }), { contacts: ["nurse@verona.example"] });
});

test("§10.1.3: a protected room has a password, and a password goes with the protection", () => {
  const open = defaultConfiguration;
  const needed = "not-acceptable: roomsecret: A password is needed.";
  assert.equal(refusalOf(() => read({ passwordprotectedroom: "1" }, open)), needed); // prettier-ignore
  assert.equal(refusalOf(() => read({ passwordprotectedroom: "1", roomsecret: "" }, open)), needed); // prettier-ignore
  assert.equal(refusalOf(() => read({ passwordprotectedroom: "1", roomsecret: "  " }, balcony)), needed); // prettier-ignore
  assert.deepEqual(changes({ passwordprotectedroom: "1", roomsecret: "rose" }, open), { password: "rose" });
  assert.deepEqual(changes({ roomsecret: "rose" }, open), { password: "rose" });
  assert.deepEqual(changes({ passwordprotectedroom: "1" }, balcony), {});
  assert.deepEqual(changes({ passwordprotectedroom: "0", roomsecret: "rose" }, balcony), { password: "" });
  assert.deepEqual(changes({ roomsecret: "" }, balcony), { password: "" });
});

test("wrong values are refused with a text that names the field", () => {
  const wrong: readonly [string, string | readonly string[], RegExp][] = [
    ["roomname", "a".repeat(256), /255 characters/],
    ["roomname", "two\nlines", /single line/],
    ["roomname", ["one", "two"], /Only one/],
    ["roomdesc", "a".repeat(4001), /4000 characters/],
    ["lang", "the language of love", /language tag/],
    ["lang", "en-".repeat(20), /35 characters/],
    ["persistentroom", "yes", /true or false/],
    ["persistentroom", "", /true or false/],
    ["membersonly", ["0", "1"], /Only one/],
    ["passwordprotectedroom", "maybe", /true or false/],
    ["roomsecret", "a".repeat(256), /255 characters/],
    ["roomsecret", "two\nlines", /single line/],
    ["allowpm", "romeo", /one of: anyone, participants, moderators, none/],
    ["allowpm", "", /one of/],
    ["whois", "nobody", /one of: moderators, anyone/],
    ["presencebroadcast", ["moderator", "king"], /one of: moderator, participant, visitor/],
    ["getmemberlist", "owner", /one of/],
    ["maxusers", "-1", /from 0 to 100000/],
    ["maxusers", "99999999999999999999999", /from 0 to/],
    ["maxusers", "1e3", /whole number/],
    ["muc#maxhistoryfetch", "1001", /from 0 to 1000/],
    ["muc#maxhistoryfetch", "NaN", /whole number/],
    ["muc#maxhistoryfetch", "0.5", /whole number/],
    ["muc#roominfo_contactjid", "@", /is not an address/],
    ["muc#roominfo_contactjid", `${"a".repeat(5000)}@verona.example`, /«a{100}» is not an address/],
    ["muc#roominfo_contactjid", "verona.example", /not the address of a user/],
    ["muc#roominfo_contactjid", Array.from({ length: 11 }, (_, index) => `p${index}@verona.example`), /At most 10/],
  ];
  for (const [name, value, words] of wrong) {
    const refusal = refusalOf(() => read({ [name]: value }));
    assert.match(refusal, words);
    assert.ok(refusal.startsWith(`not-acceptable: ${plainNameOf(name)}`) || name.includes("roominfo"), refusal);
  }
});

test("whatever is sent, a field is read or refused, and what is read can be shown and read again", () => {
  const oddities = ["", " ", "0", "-0", "1", "none", "null", "\u0000", "😀", "1".repeat(400), "a@b", "a@b/c", "__proto__", "\n"]; // prettier-ignore
  let wasRead = 0;
  for (const field of standardFields)
    for (const values of [[], ...oddities.map((value) => [value]), oddities]) {
      let after: RoomConfiguration;
      try {
        after = field.read(values, balcony);
      } catch (error) {
        assert.match(refusalOf(() => { throw error; }), new RegExp(`^not-acceptable: (${plainNameOf(field.name)}|roomsecret)`)); // prettier-ignore
        continue;
      }
      wasRead += 1;
      assert.deepEqual(field.read(field.show(after).values ?? [], after), after, `${field.name} ${String(values)}`);
    }
  assert.ok(wasRead > 50);
});

test("forms of another type are refused", () => {
  const form = submission({ roomname: "The tomb" }, "http://jabber.org/protocol/muc#register");
  assert.match(refusalOf(() => readConfiguration(form, balcony, standardFields)), /^not-acceptable: FORM_TYPE/); // prettier-ignore
});

test("values can come by another way than a form", () => {
  const values = valuesOf(submission({ roomname: "The tomb" }));
  assert.equal(changedConfiguration(values, balcony, standardFields).name, "The tomb");
});

test("the lists of admins and owners come apart from the rest", () => {
  assert.deepEqual(affiliationListsIn(submission({})), {});
  const roomowners = ["juliet@verona.example/balcony", "Juliet@verona.example", ""];
  const { owners, admins } = affiliationListsIn(submission({ roomowners, roomadmins: [...roomowners, "nurse@verona.example"] })); // prettier-ignore
  assert.deepEqual(owners, [Jid.parse("juliet@verona.example")]);
  assert.deepEqual(admins, [Jid.parse("nurse@verona.example")]);
  assert.deepEqual(affiliationListsIn(submission({ roomowners: [] })), { owners: [] });
  const many = Array.from({ length: 1001 }, (_, index) => `page${index}@verona.example`);
  for (const roomadmins of [["@"], ["verona.example"], many])
    assert.match(refusalOf(() => affiliationListsIn(submission({ roomadmins }))), /^not-acceptable: roomadmins/); // prettier-ignore
});

test("§10.1.2: an empty form takes the room as it is", () => {
  assert.ok(isInstantRoom(submission({})));
  assert.ok(isInstantRoom(submission({}, "")));
  assert.ok(!isInstantRoom(submission({ roomname: "The tomb" })));
  assert.ok(!isInstantRoom(xml("x", { xmlns: "jabber:x:data", type: "cancel" })));
});
