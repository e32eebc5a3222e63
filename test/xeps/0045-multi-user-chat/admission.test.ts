// Who is let in, and what a refusal tells (XEP-0045 §7.2.5 to §7.2.9), beyond what the scenes play.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client } from "../../support/client.js";
import { playServer } from "../../support/play-server.js";
import {
  adminQuery,
  arrivals,
  configuresRoom,
  enters,
  entersRoom,
  garden,
  makesRoom,
  party,
  refusal,
  roomGoesOn,
  roomInfo,
} from "../../support/rooms.js";

const registers = (nick: string): string =>
  "<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>" +
  "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#register</value></field>" +
  `<field var='muc#register_roomnick'><value>${nick}</value></field></x></query>`;
const removes = "<query xmlns='jabber:iq:register'><remove/></query>";

test("whoever may not enter is not told which nicknames are in use", async (t) => {
  const { stage, capulet } = await party(t);
  const tybalt = await stage.login("tybalt");
  await capulet.gets("set", adminQuery("<item affiliation='outcast' jid='tybalt@verona.example'/>"), garden);
  for (const nick of ["Romeo", "Nobody"]) assert.equal(await refusal(stage, tybalt, enters(nick)), "forbidden auth");
});

test("in a full room there is still a place for another session of somebody who is in, behind their nickname", async (t) => {
  const { stage, everybody } = await party(t, { fields: { "muc#roomconfig_maxusers": "3" } });
  assert.equal(await refusal(stage, await stage.login("tybalt"), enters("Tybalt")), "service-unavailable wait");
  const second = await stage.login("romeo", "chamber");
  await entersRoom(stage, second, "Romeo");
  assert.equal(
    await refusal(stage, await stage.login("tybalt", "street"), enters("Tybalt")),
    "service-unavailable wait",
  );
  assert.equal(
    await refusal(stage, await stage.login("romeo", "street"), enters("Montague")),
    "service-unavailable wait",
  );
  await roomGoesOn(stage, second, [...everybody, second]);
});

test("an admin of the host who registers with a room does not become its owner for good", async (t) => {
  const stage = await playServer(t, {
    hosts: [],
    config: '[hosts."verona.example"]\nadmins = ["prince@verona.example"]',
  });
  const owner = await stage.login("romeo");
  await makesRoom(stage, owner, "Romeo");
  const prince = await stage.login("prince");
  const list = async (affiliation: string): Promise<string> =>
    (await owner.asks("get", adminQuery(`<item affiliation='${affiliation}'/>`), garden)).toString();
  await prince.gets("set", registers("Escalus"), garden);
  await arrivals(stage, prince);
  assert.ok(!(await list("owner")).includes("prince@"), "stored as an owner");
  assert.ok((await list("member")).includes("prince@"), "not stored as a member");
  await prince.gets("set", removes, garden);
  assert.ok(!(await list("member")).includes("prince@"), "still a member");
});

for (const [kind, field] of Object.entries({
  "members-only": { "muc#roomconfig_membersonly": "1" },
  "password-protected": { "muc#roomconfig_roomsecret": "wherefore" },
})) {
  test(`the subject of a ${kind} room is told to those who are in it or something to it, and of an open one to all`, async (t) => {
    const { stage, capulet, romeo, everybody } = await party(t);
    const subject = async (client: Client): Promise<string | undefined> =>
      (await roomInfo(client)).fields.get("muc#roominfo_subject");
    for (const user of ["romeo", "juliet", "paris"])
      await capulet.gets("set", adminQuery(`<item affiliation='member' jid='${user}@verona.example'/>`), garden);
    capulet.send(`<message type='groupchat' to='${garden}'><subject>The feast</subject></message>`);
    for (const client of everybody) await arrivals(stage, client);
    const [tybalt, paris] = [await stage.login("tybalt"), await stage.login("paris")];
    assert.equal(await subject(tybalt), "The feast");
    await configuresRoom(capulet, field);
    for (const client of everybody) await arrivals(stage, client);
    for (const client of [capulet, romeo, paris]) assert.equal(await subject(client), "The feast");
    assert.equal(await subject(tybalt), undefined);
    await roomGoesOn(stage, romeo, everybody);
  });
}

// Clients such as Converse.js register their nickname each time they enter.
test("a member who registers a nickname anew is not shown anew, not logged, and gets no voice back", async (t) => {
  const { stage, capulet, romeo, everybody } = await party(t, { hasEvents: true });
  await romeo.gets("set", registers("Romeo"), garden);
  await capulet.gets("set", adminQuery("<item nick='Romeo' role='visitor'/>"), garden);
  for (const client of everybody) await arrivals(stage, client);
  stage.events.splice(0);
  await romeo.gets("set", registers("Montague"), garden);
  for (const client of everybody) assert.deepEqual(await arrivals(stage, client), []);
  assert.deepEqual(stage.events.join(""), "");
  const said = `<message type='groupchat' to='${garden}'><body>Ay me!</body></message>`;
  assert.equal(await refusal(stage, romeo, said), "forbidden auth");
  const members = await capulet.asks("get", adminQuery("<item affiliation='member'/>"), garden);
  assert.match(members.toString(), /nick="Montague"/);
});
