// XEP-0045: people make a room, enter it, talk in it, and leave.
import assert from "node:assert/strict";
import { test } from "node:test";
import { playServer } from "../../support/play-server.js";
import { arrivals, configuresRoom, entersRoom, garden, muc, party, roomInfo, says } from "../../support/rooms.js";
import { assertSame } from "../../support/same-xml.js";

/** What the room says of an occupant in presence; occupant ids are opaque. */
function presence(to: string, nick: string, user: string, attributes = ""): string {
  return `<presence from='${garden}/${nick}' to='${to}' ${attributes}>
    <x xmlns='http://jabber.org/protocol/muc#user'>${user}</x>
    <occupant-id xmlns='urn:xmpp:occupant-id:0' id='{any}'/></presence>`;
}

test("§10.1: whoever enters a room that is not there makes it, and nobody else gets in before it is configured", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const juliet = await stage.login("juliet", "balcony");
  romeo.send(`<presence id='p1' to='${garden}/Romeo'>${muc}</presence>`);
  const item = `<item affiliation='owner' role='moderator' jid='${romeo.jid}'/>`;
  await romeo.receives(presence(romeo.jid, "Romeo", `${item}<status code='110'/><status code='201'/>`, "id='p1'"));
  await romeo.receives(`<message type='groupchat' from='${garden}' to='${romeo.jid}'><subject/></message>`);
  juliet.send(`<presence id='p2' to='${garden}/Juliet'>${muc}</presence>`);
  await juliet.receives(`<presence type='error' id='p2' from='${garden}/Juliet' to='${juliet.jid}'>
    ${muc}<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>`);
  await configuresRoom(romeo, {});
  await entersRoom(stage, juliet, "Juliet");
});

test("§7.2: a newcomer sees who is here, then themselves, then the history, then the subject", async (t) => {
  const { stage, capulet } = await party(t);
  says(capulet, "Welcome, gentlemen.");
  await arrivals(stage, capulet);
  const tybalt = await stage.login("tybalt");
  const all = await entersRoom(stage, tybalt, "Tybalt");
  const others = all.slice(0, 3).map(({ attrs }) => String(attrs["from"]).replace(/.*\//, ""));
  assert.deepEqual(others.sort(), ["Capulet", "Juliet", "Romeo"]);
  const item = `<item affiliation='none' role='participant' jid='${tybalt.jid}'/>`;
  assertSame(all[3] ?? assert.fail(), presence(tybalt.jid, "Tybalt", `${item}<status code='110'/>`));
  assert.equal(all[4]?.getChildText("body"), "Welcome, gentlemen.");
  assert.equal(all[4]?.getChild("delay")?.attrs["from"], garden);
  assert.equal(all[5]?.getChildText("subject"), "");
  assert.equal(all.length, 6);
});

test("§7.2.3: moderators see addresses, others don't", async (t) => {
  const { stage, capulet, juliet } = await party(t);
  const tybalt = await stage.login("tybalt");
  await entersRoom(stage, tybalt, "Tybalt");
  const [shownToOwner] = await arrivals(stage, capulet);
  const item = "<item affiliation='none' role='participant'";
  assertSame(shownToOwner ?? assert.fail(), presence(capulet.jid, "Tybalt", `${item} jid='${tybalt.jid}'/>`));
  const [shownToGuest] = await arrivals(stage, juliet);
  assertSame(shownToGuest ?? assert.fail(), presence(juliet.jid, "Tybalt", `${item}/>`));
});

test("§7.4: everybody is sent what one says, the speaker too, with an id that the room has given it", async (t) => {
  const { juliet, everybody } = await party(t);
  says(juliet, "Ay me!");
  for (const client of everybody) {
    await client.receives(`<message type='groupchat' id='said' from='${garden}/Juliet' to='${client.jid}'>
      <body>Ay me!</body><occupant-id xmlns='urn:xmpp:occupant-id:0' id='{any}'/>
      <stanza-id xmlns='urn:xmpp:sid:0' by='${garden}' id='{any}'/></message>`);
  }
});

test("§7.14: who leaves, or whose session ends, is shown leaving", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t);
  romeo.send(`<presence type='unavailable' id='bye' to='${garden}/Romeo'><status>Adieu</status></presence>`);
  const [own] = await arrivals(stage, romeo);
  assert.deepEqual([own?.attrs["type"], own?.attrs["id"]], ["unavailable", "bye"]);
  assert.ok(own?.toString().includes('<status code="110"/>'), String(own));
  const [shown] = await arrivals(stage, juliet);
  assert.deepEqual([shown?.attrs["from"], shown?.getChildText("status")], [`${garden}/Romeo`, "Adieu"]);
  await arrivals(stage, capulet);
  await juliet.leaves();
  const [gone] = await arrivals(stage, capulet);
  assert.deepEqual([gone?.attrs["from"], gone?.attrs["type"]], [`${garden}/Juliet`, "unavailable"]);
  assert.equal((await roomInfo(capulet)).fields.get("muc#roominfo_occupants"), "1");
});

test("§7.14: a temporary room ends with its last occupant's visit", async (t) => {
  const { stage, capulet, romeo, juliet, everybody } = await party(t);
  for (const client of [romeo, juliet, capulet]) client.send(`<presence type='unavailable' to='${garden}/x'/>`);
  for (const client of everybody) await arrivals(stage, client);
  await romeo.isRefused("item-not-found", "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>", garden);
});
