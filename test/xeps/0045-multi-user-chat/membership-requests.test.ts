// §7.10, §9.9: whoever asks to become a member of a members-only room becomes one when an admin of the room says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client } from "../../support/client.js";
import {
  adminQuery,
  arrivals,
  configuresRoom,
  entersRoom,
  garden,
  type Party,
  party,
  refusal,
  submission,
} from "../../support/rooms.js";

const formType = "http://jabber.org/protocol/muc#register";

/** A members-only room; Paris, who is not in it, has asked for membership. Capulet has the form. */
async function withRequest(t: Parameters<typeof party>[0]): Promise<Party & { readonly paris: Client; asked: string }> {
  const all = await party(t);
  const items = ["romeo", "juliet"].map((user) => `<item affiliation='member' jid='${user}@verona.example'/>`);
  await all.capulet.gets(
    "set",
    `<query xmlns='http://jabber.org/protocol/muc#admin'>${items.join("")}</query>`,
    garden,
  );
  await configuresRoom(all.capulet, { "muc#roomconfig_membersonly": "1" });
  for (const client of all.everybody) await arrivals(all.stage, client);
  const paris = await all.stage.login("paris");
  const nickname = submission(formType, { "muc#register_roomnick": "County" }).toString();
  await paris.gets("set", `<query xmlns='jabber:iq:register'>${nickname}</query>`, garden);
  const asked = (await arrivals(all.stage, all.capulet)).join();
  await all.stage.receiveNothing(all.romeo, all.juliet);
  return { ...all, paris, asked };
}

function decision(isAllowed: string, jid = "paris@verona.example"): string {
  const answers = { "muc#register_jid": jid, "muc#register_roomnick": "County", "muc#register_allow": isAllowed };
  return `<message to='${garden}'>${submission(formType, answers).toString()}</message>`;
}

const enters = (nick: string): string => `<presence to='${garden}/${nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`; // prettier-ignore

test("admins are asked; who is allowed is a member under that nickname, which is nobody else's", async (t) => {
  const { stage, capulet, romeo, paris, everybody, asked } = await withRequest(t);
  assert.match(asked, /register_jid.*<value>paris@verona\.example<\/value>.*<value>County<\/value>.*register_allow/);
  assert.equal(await refusal(stage, paris, enters("County")), "registration-required auth");
  assert.equal(await refusal(stage, capulet, decision("1")), "");
  await arrivals(stage, paris);
  const seen = await entersRoom(stage, paris, "County");
  assert.match(seen.join(), /affiliation="member" role="participant"[^>]*\/><status code="110"/);
  assert.equal(await refusal(stage, romeo, `<presence to='${garden}/County'/>`), "conflict cancel");
  for (const client of everybody) await arrivals(stage, client);
});

test("who is not allowed stays outside", async (t) => {
  const { stage, capulet, paris } = await withRequest(t);
  assert.equal(await refusal(stage, capulet, decision("0")), "");
  assert.equal(await refusal(stage, paris, enters("County")), "registration-required auth");
});

test("nobody but admins decides, in the room or not", async (t) => {
  const { stage, romeo, paris } = await withRequest(t);
  for (const client of [romeo, paris]) assert.equal(await refusal(stage, client, decision("1")), "forbidden auth");
  assert.equal(await refusal(stage, paris, enters("County")), "registration-required auth");
});

test("no admin can be made a member so, nor a whole domain, nor what is no address", async (t) => {
  const { stage, capulet } = await withRequest(t);
  for (const address of ["@@", "verona.example", "verona.example/Paris"])
    assert.equal(await refusal(stage, capulet, decision("1", address)), "jid-malformed modify");
  assert.equal(await refusal(stage, capulet, decision("1", "capulet@verona.example")), "");
  const owners = "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='owner'/></query>";
  assert.match((await capulet.asks("get", owners, garden)).toString(), /jid="capulet@verona\.example"/);
});

const registers = (nick: string): string =>
  `<query xmlns='jabber:iq:register'>${submission(formType, { "muc#register_roomnick": nick }).toString()}</query>`;

test("in a moderated room admins are asked, too: nobody gives themselves voice", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t, { fields: { "muc#roomconfig_moderatedroom": "1" } });
  await romeo.gets("set", registers("Romeo"), garden);
  assert.match((await arrivals(stage, capulet)).join(), /register_allow/);
  await stage.receiveNothing(romeo, juliet);
  const says = `<message type='groupchat' to='${garden}'><body>Juliet?</body></message>`;
  assert.equal(await refusal(stage, romeo, says), "forbidden auth");
  assert.equal(await refusal(stage, capulet, decision("1", "romeo@verona.example")), "");
  assert.match((await arrivals(stage, romeo)).join(), /affiliation="member" role="participant"/);
  for (const client of [capulet, juliet]) await arrivals(stage, client);
});

test("who has lost their voice does not have it back by registering, by another nickname, nor by ending that", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t);
  const mute = adminQuery("<item role='visitor' nick='Romeo'/>");
  await capulet.gets("set", mute, garden);
  await romeo.gets("set", registers("Romeo"), garden);
  assert.match((await arrivals(stage, capulet)).join(), /register_allow/);
  const member = "<item affiliation='member' jid='romeo@verona.example'/>";
  await capulet.gets("set", adminQuery(member), garden);
  assert.match((await arrivals(stage, romeo)).join(), /role="participant"/);
  await capulet.gets("set", mute, garden);
  for (const payload of [
    registers("Romeo"),
    registers("Montague"),
    "<query xmlns='jabber:iq:register'><remove/></query>",
  ]) {
    await romeo.gets("set", payload, garden);
    assert.doesNotMatch((await arrivals(stage, romeo)).join(), /role="participant"/, payload);
  }
  for (const client of [capulet, juliet]) await arrivals(stage, client);
});
