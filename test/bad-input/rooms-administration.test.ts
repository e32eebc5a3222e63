// Requests to change a room that are malformed, or made by whoever may not: refused as XEP-0045 says, and nothing changes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { conditionOf } from "../support/client.js";
import { adminQuery, arrivals, garden, type Party, party, refusal, roomGoesOn, roomInfo } from "../support/rooms.js";

const OWNER = "http://jabber.org/protocol/muc#owner";
const CONFIG = "http://jabber.org/protocol/muc#roomconfig";

const owner = (content: string): string => `<query xmlns='${OWNER}'>${content}</query>`;
const field = (name: string, ...values: readonly string[]): string =>
  `<field var='${name}'>${values.map((value) => `<value>${value}</value>`).join("")}</field>`;
const form = (fields: string, type = "submit", formType: string = CONFIG): string =>
  owner(`<x xmlns='jabber:x:data' type='${type}'>${field("FORM_TYPE", formType)}${fields}</x>`);

async function nothingHasChanged({ stage, capulet, juliet, everybody }: Party, before: string): Promise<void> {
  assert.equal((await capulet.asks("get", owner(""), garden)).getChild("query")?.toString(), before);
  await stage.receiveNothing(...everybody);
  await roomGoesOn(stage, juliet, everybody);
}

async function formOf({ capulet }: Party): Promise<string> {
  return (await capulet.asks("get", owner(""), garden)).getChild("query")?.toString() ?? assert.fail();
}

const room = (name: string): string => `muc#roomconfig_${name}`;
const badForms: Readonly<Record<string, readonly [payload: string, condition: string]>> = {
  "a boolean that is none": [form(field(room("moderatedroom"), "perhaps")), "not-acceptable"],
  "two booleans": [form(field(room("moderatedroom"), "1", "0")), "not-acceptable"],
  "a number that is none": [form(field(room("maxusers"), "many")), "not-acceptable"],
  "a negative number": [form(field(room("maxusers"), "-1")), "not-acceptable"],
  "a number past all bounds": [form(field(room("maxusers"), "9".repeat(400))), "not-acceptable"],
  "none of the choices": [form(field(room("allowpm"), "everybody")), "not-acceptable"],
  "a role that is none": [form(field(room("presencebroadcast"), "prince")), "not-acceptable"],
  "a password that is none": [form(field(room("passwordprotectedroom"), "1")), "not-acceptable"],
  "a name without end": [form(field(room("roomname"), "O".repeat(100_000))), "not-acceptable"],
  "a description without end": [form(field(room("roomdesc"), "O".repeat(200_000))), "not-acceptable"],
  "a password without end": [form(field(room("roomsecret"), "O".repeat(100_000))), "not-acceptable"],
  "a language that is none": [form(field(room("lang"), "the language of flowers")), "not-acceptable"],
  "owners who are nobody": [form(field(room("roomowners"), "@@")), "not-acceptable"],
  "admins without end": [
    form(field(room("roomadmins"), ...Array.from({ length: 2000 }, (_, index) => `a${index}@b.example`))),
    "not-acceptable",
  ],
  "a slow mode that is none": [form(field(room("slow_mode_duration"), "slowly")), "not-acceptable"],
  "another form": [form("", "submit", "http://jabber.org/protocol/muc#register"), "not-acceptable"],
  "a form that is not submitted": [form("", "form"), "bad-request"],
  "a form without a type": [owner("<x xmlns='jabber:x:data'/>"), "bad-request"],
  "no form": [owner(""), "bad-request"],
  "one good field beside a bad one": [
    form(field(room("roomname"), "Tomb") + field(room("publicroom"), "perhaps")),
    "not-acceptable",
  ],
};

describe("§10.2: a configuration that can't be", () => {
  for (const [name, [payload, condition]] of Object.entries(badForms)) {
    test(name, async (t) => {
      const all = await party(t);
      const before = await formOf(all);
      await all.capulet.isRefused(condition, "set", payload, garden);
      await nothingHasChanged(all, before);
    });
  }
});

const badRequests: Readonly<Record<string, readonly [items: string, condition: string]>> = {
  "no item": ["", "bad-request"],
  "an affiliation that is none": ["<item affiliation='king' jid='romeo@verona.example'/>", "bad-request"],
  "a role that is none": ["<item role='king' nick='Romeo'/>", "bad-request"],
  "a role and an affiliation": ["<item role='none' affiliation='none' nick='Romeo'/>", "bad-request"],
  nobody: ["<item affiliation='member'/>", "bad-request"],
  "an address that is none": ["<item affiliation='member' jid='@@'/>", "jid-malformed"],
  "a domain as a member": ["<item affiliation='member' jid='verona.example'/>", "bad-request"],
  "somebody who is not here": ["<item role='visitor' nick='Rosaline'/>", "item-not-found"],
  "what is no nickname": ["<item role='visitor' nick='&#x85;'/>", "item-not-found"],
  "a nickname to reserve that is none": [
    `<item affiliation='member' jid='paris@verona.example' nick='${"P".repeat(100_000)}'/>`,
    "not-acceptable",
  ],
  "somebody twice": ["<item affiliation='member' jid='romeo@verona.example'/>".repeat(2), "bad-request"],
  "somebody twice, once by nickname": [
    "<item affiliation='member' jid='romeo@verona.example'/><item affiliation='admin' nick='Romeo'/>",
    "bad-request",
  ],
  "one nickname to reserve for two": [
    "<item affiliation='member' jid='a@b.example' nick='Paris'/><item affiliation='member' jid='c@b.example' nick='paris'/>",
    "conflict",
  ],
  "items without end": [
    Array.from({ length: 501 }, (_, index) => `<item affiliation='outcast' jid='a${index}@b.example'/>`).join(""),
    "bad-request",
  ],
  "a reason without end": [
    `<item role='none' nick='Romeo'><reason>${"O".repeat(1001)}</reason></item>`,
    "not-acceptable",
  ],
  "a good item before a bad one": [
    "<item role='none' nick='Romeo'/><item role='none' nick='Rosaline'/>",
    "item-not-found",
  ],
  "a kick before what can't be": [
    "<item role='none' nick='Romeo'/><item affiliation='none' jid='capulet@verona.example'/>",
    "conflict",
  ],
  "the last owner to be none": ["<item affiliation='none' jid='capulet@verona.example'/>", "conflict"],
  "the last owner to be an admin": ["<item affiliation='admin' jid='capulet@verona.example/hall'/>", "conflict"],
  "oneself banned": ["<item affiliation='outcast' jid='capulet@verona.example'/>", "conflict"],
};

describe("§8, §9: a change of roles or affiliations that can't be", () => {
  for (const [name, [items, condition]] of Object.entries(badRequests)) {
    test(name, async (t) => {
      const all = await party(t);
      const before = await formOf(all);
      await all.capulet.isRefused(condition, "set", adminQuery(items), garden);
      await nothingHasChanged(all, before);
    });
  }
});

test("§10.2: the last owner can't go by the form either", async (t) => {
  const all = await party(t);
  const before = await formOf(all);
  const lists = [[], [field(room("roomadmins"), "capulet@verona.example")]];
  for (const more of lists)
    await all.capulet.isRefused("conflict", "set", form(field(room("roomowners")) + more.join("")), garden);
  await nothingHasChanged(all, before);
});

const forbidden = {
  "to ban": ["set", adminQuery("<item affiliation='outcast' jid='juliet@verona.example'/>")],
  "to ban a domain": ["set", adminQuery("<item affiliation='outcast' jid='verona.example'/>")],
  "to kick": ["set", adminQuery("<item role='none' nick='Juliet'/>")],
  "to kick nobody": ["set", adminQuery("<item role='none' nick='Rosaline'/>")],
  "to take voice": ["set", adminQuery("<item role='visitor' nick='Juliet'/>")],
  "to become a member": ["set", adminQuery("<item affiliation='member' jid='romeo@verona.example'/>")],
  "to become an owner": ["set", adminQuery("<item affiliation='owner' jid='romeo@verona.example'/>")],
  "to become a moderator": ["set", adminQuery("<item role='moderator' nick='Romeo'/>")],
  "to read who is banned": ["get", adminQuery("<item affiliation='outcast'/>")],
  "to read who owns it": ["get", adminQuery("<item affiliation='owner'/>")],
  "to read who is here": ["get", adminQuery("<item role='participant'/>")],
  "to read the configuration": ["get", owner("")],
  "to configure": ["set", form(field(room("roomname"), "Tomb"))],
  "to destroy": ["set", owner("<destroy/>")],
} as const;

describe("forbidden to whoever has no privileges, in the room or not", () => {
  for (const [name, [type, payload]] of Object.entries(forbidden)) {
    test(name, async (t) => {
      const all = await party(t);
      const before = await formOf(all);
      const tybalt = await all.stage.login("tybalt");
      for (const client of [all.romeo, tybalt]) await client.isRefused("forbidden", type, payload, garden);
      await nothingHasChanged(all, before);
    });
  }
});

test("an admin can do nothing to owners, and make none", async (t) => {
  const all = await party(t);
  await all.capulet.gets("set", adminQuery("<item affiliation='admin' jid='romeo@verona.example'/>"), garden);
  for (const client of all.everybody) await arrivals(all.stage, client);
  const before = await formOf(all);
  const items = {
    "<item affiliation='owner' jid='romeo@verona.example'/>": "forbidden",
    "<item affiliation='none' jid='capulet@verona.example'/>": "forbidden",
    "<item affiliation='outcast' jid='capulet@verona.example'/>": "not-allowed",
    "<item role='none' nick='Capulet'/>": "not-allowed",
    "<item role='visitor' nick='Capulet'/>": "not-allowed",
  };
  for (const [item, condition] of Object.entries(items))
    await all.romeo.isRefused(condition, "set", adminQuery(item), garden);
  await nothingHasChanged(all, before);
});

test("§7.8.2: nobody invites into a room they are not in, nor more people than allowed", async (t) => {
  const { stage, juliet, everybody } = await party(t);
  const [tybalt, paris] = [await stage.enter("tybalt"), await stage.enter("paris")];
  const invite = (content: string): string =>
    `<message to='${garden}'><x xmlns='http://jabber.org/protocol/muc#user'>${content}</x></message>`;
  const paris1 = "<invite to='paris@verona.example'/>";
  assert.equal(await refusal(stage, tybalt, invite(paris1)), "not-acceptable modify");
  assert.equal(await refusal(stage, juliet, invite(paris1.repeat(21))), "not-acceptable modify");
  assert.equal(await refusal(stage, juliet, invite("<invite to='@@'/>")), "jid-malformed modify");
  assert.equal(await refusal(stage, juliet, invite("<invite/>")), "bad-request modify");
  const long = `<invite to='paris@verona.example'><reason>${"O".repeat(1001)}</reason></invite>`;
  assert.equal(await refusal(stage, juliet, invite(long)), "not-acceptable modify");
  await stage.receiveNothing(paris, ...everybody);
  await roomGoesOn(stage, juliet, everybody);
});

test("§5.2.1: into a members-only room only admins invite, unless it is configured otherwise", async (t) => {
  const { stage, capulet, juliet, everybody } = await party(t);
  const items = ["romeo", "juliet"].map((user) => `<item affiliation='member' jid='${user}@verona.example'/>`);
  await capulet.gets("set", adminQuery(items.join("")), garden);
  await capulet.gets("set", form(field(room("membersonly"), "1") + field(room("allowinvites"), "0")), garden);
  for (const client of everybody) await arrivals(stage, client);
  const x = "<x xmlns='http://jabber.org/protocol/muc#user'><invite to='paris@verona.example'/></x>";
  assert.equal(await refusal(stage, juliet, `<message to='${garden}'>${x}</message>`), "forbidden auth");
  const members = await capulet.asks("get", adminQuery("<item affiliation='member'/>"), garden);
  assert.ok(!members.toString().includes("paris"), members.toString());
  await roomGoesOn(stage, juliet, everybody);
});

test("whoever declines an invitation learns nothing of who is in the room", async (t) => {
  const { stage, juliet, everybody } = await party(t);
  const tybalt = await stage.login("tybalt");
  const decline = (to: string): string =>
    `<message to='${garden}'><x xmlns='http://jabber.org/protocol/muc#user'><decline to='${to}'/></x></message>`;
  for (const to of ["romeo@verona.example", "rosaline@verona.example", `${garden}/Nobody`])
    assert.equal(await refusal(stage, tybalt, decline(to)), "", to);
  await roomGoesOn(stage, juliet, everybody);
});

test("a room is not destroyed with words without end, nor with a venue that is none", async (t) => {
  const all = await party(t);
  const before = await formOf(all);
  const long = "O".repeat(1001);
  await all.capulet.isRefused("not-acceptable", "set", owner(`<destroy><reason>${long}</reason></destroy>`), garden);
  await all.capulet.isRefused(
    "not-acceptable",
    "set",
    owner(`<destroy><password>${long}</password></destroy>`),
    garden,
  );
  await all.capulet.isRefused("jid-malformed", "set", owner("<destroy jid='@@'/>"), garden);
  await nothingHasChanged(all, before);
});

test("questions that a room does not know are answered so", async (t) => {
  const all = await party(t);
  const before = await formOf(all);
  const { romeo, stage } = all;
  for (const payload of ["<query xmlns='urn:example:none'/>", "<query xmlns='jabber:client'/>"])
    for (const type of ["get", "set"] as const) await romeo.isRefused("service-unavailable", type, payload, garden);
  const twice = "<ping xmlns='urn:xmpp:ping'/>".repeat(2);
  romeo.send(`<iq type='get' id='i1' to='${garden}'>${twice}</iq>`, `<iq type='get' id='i2' to='${garden}'/>`);
  assert.deepEqual((await arrivals(stage, romeo)).map(conditionOf), ["bad-request", "bad-request"]);
  await romeo.isRefused(
    "item-not-found",
    "get",
    "<query xmlns='http://jabber.org/protocol/disco#info' node='none'/>",
    garden,
  );
  await nothingHasChanged(all, before);
  assert.ok((await roomInfo(romeo)).features.includes("http://jabber.org/protocol/muc"));
});
