// What somebody who is invited gets (§7.8.2), with a direct invitation beside (XEP-0249), and what the password is for.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  adminQuery,
  arrivals,
  configuresRoom,
  enters,
  garden,
  party,
  refusal,
  roomGoesOn,
} from "../../support/rooms.js";
import { assertSame } from "../../support/same-xml.js";

const secret = { "muc#roomconfig_roomsecret": "wherefore", "muc#roomconfig_passwordprotectedroom": "1" };

test("an invitation has the password, in both forms, and with it one gets in", async (t) => {
  const { stage, capulet, juliet, everybody } = await party(t);
  await configuresRoom(capulet, secret);
  const paris = await stage.enter("paris");
  const invite = "<invite to='paris@verona.example'><reason>A feast</reason></invite>";
  juliet.send(`<message to='${garden}'><x xmlns='http://jabber.org/protocol/muc#user'>${invite}</x></message>`);
  const [invited] = await arrivals(stage, paris);
  assertSame(
    invited?.getChild("x", "http://jabber.org/protocol/muc#user") ?? assert.fail(),
    `<x xmlns='http://jabber.org/protocol/muc#user'><invite from='${garden}/Juliet'><reason>A feast</reason></invite>
      <password>wherefore</password></x>`,
  );
  assertSame(
    invited?.getChild("x", "jabber:x:conference") ?? assert.fail(),
    `<x xmlns='jabber:x:conference' jid='${garden}' password='wherefore' reason='A feast'/>`,
  );
  const enters = (password: string): string =>
    `<presence to='${garden}/Paris'><x xmlns='http://jabber.org/protocol/muc'>${password}</x></presence>`;
  assert.equal(await refusal(stage, paris, enters("")), "not-authorized auth");
  assert.equal(await refusal(stage, paris, enters("<password>wherefore</password>")), "");
  await roomGoesOn(stage, juliet, everybody);
  await arrivals(stage, paris);
});

test("§9.5: no invitation makes a member of everybody at a domain, whoever sends it", async (t) => {
  const { stage, capulet, romeo, juliet, everybody } = await party(t);
  for (const user of ["romeo", "juliet"])
    await capulet.gets("set", adminQuery(`<item affiliation='member' jid='${user}@verona.example'/>`), garden);
  await configuresRoom(capulet, { "muc#roomconfig_membersonly": "1", "muc#roomconfig_allowinvites": "1" });
  for (const client of everybody) await arrivals(stage, client);
  const invites = (...all: string[]): string =>
    `<message to='${garden}'><x xmlns='http://jabber.org/protocol/muc#user'>
      ${all.map((to) => `<invite to='${to}'/>`).join("")}</x></message>`;
  for (const client of [romeo, capulet]) {
    assert.equal(await refusal(stage, client, invites("verona.example")), "not-acceptable modify");
    assert.equal(await refusal(stage, client, invites("tybalt@verona.example", "verona.example/x")), "not-acceptable modify"); // prettier-ignore
  }
  const paris = await stage.login("paris");
  assert.equal(await refusal(stage, paris, enters("Paris")), "registration-required auth");
  assert.equal(await refusal(stage, romeo, invites("paris@verona.example")), "");
  assert.equal(await refusal(stage, paris, enters("Paris")), "");
  await roomGoesOn(stage, juliet, [...everybody, paris]);
});
