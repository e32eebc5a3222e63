// XEP-0424 and XEP-0425 in rooms: a message is taken back by its author or a moderator, in memory and in the archive.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Element } from "../../src/xml/element.js";
import {
  arrivals,
  entersRoom,
  garden,
  type Party,
  party,
  persistent,
  roomGoesOn,
  roomInfo,
  said,
  says,
} from "../support/rooms.js";

const RETRACT = "urn:xmpp:message-retract:1";

const retraction = (id: string): string =>
  `<message type='groupchat' id='r1' to='${garden}'><retract xmlns='${RETRACT}' id='${id}'/></message>`;
const moderation = (id: string, reason = ""): string =>
  `<moderate xmlns='urn:xmpp:message-moderate:1' id='${id}'><retract xmlns='${RETRACT}'/><reason>${reason}</reason></moderate>`;

/** What a newcomer is sent of the past. */
async function history({ stage }: Party, guest: string): Promise<readonly Element[]> {
  const all = await entersRoom(stage, await stage.login(guest), guest);
  return all.filter((each) => each.getChild("delay") !== undefined && each.getChild("subject") === undefined);
}

async function archived({ stage }: Party): Promise<string> {
  const key = { host: "verona.example", store: "rooms.history", owner: "garden" };
  return (await stage.storage.archive.last(key, 100, {})).map(({ stanza }) => stanza).join("\n");
}

for (const [kind, fields] of Object.entries({ temporary: {}, persistent })) {
  test(`an author takes a message back: ${kind} room`, async (t) => {
    const all = await party(t, { fields });
    const id = await said(all, "I defy you, stars!");
    all.romeo.send(retraction(id));
    for (const client of all.everybody) {
      const [told] = await arrivals(all.stage, client);
      assert.equal(told?.getChild("retract", RETRACT)?.attrs["id"], id);
    }
    const [left, retract] = await history(all, "paris");
    assert.doesNotMatch(String(left), /stars/);
    assert.equal(left?.getChild("retracted", RETRACT)?.attrs["id"], "r1");
    assert.equal(left?.attrs["from"], `${garden}/Romeo`);
    assert.equal(left?.getChild("stanza-id")?.attrs["id"], id);
    assert.equal(retract?.getChild("retract", RETRACT)?.attrs["id"], id);
    if (kind === "persistent") assert.match(await archived(all), /<retracted/);
    assert.doesNotMatch(await archived(all), /stars/);
    await roomGoesOn(all.stage, all.juliet, all.everybody);
  });

  test(`a moderator takes it back, with a reason: ${kind} room`, async (t) => {
    const all = await party(t, { fields });
    const id = await said(all, "Draw, if you be men!");
    await all.capulet.gets("set", moderation(id, "Put up your swords."), garden);
    for (const client of all.everybody) {
      const [told] = await arrivals(all.stage, client);
      assert.equal(told?.attrs["from"], garden);
      assert.match(String(told), /<moderated[^>]*by="[^"]*\/Capulet"[^]*Put up your swords/);
    }
    const [left] = await history(all, "paris");
    assert.doesNotMatch(String(left), /Draw/);
    assert.match(String(left), /<retracted[^]*<moderated[^]*Put up your swords/);
    assert.doesNotMatch(await archived(all), /Draw/);
  });
}

test("an author who takes back what a moderator has taken back does not wipe away by whom and why", async (t) => {
  const all = await party(t, { fields: persistent });
  const id = await said(all, "Draw, if you be men!");
  await all.capulet.gets("set", moderation(id, "Put up your swords."), garden);
  all.romeo.send(retraction(id));
  for (const client of all.everybody) assert.equal((await arrivals(all.stage, client)).length, 2);
  assert.match((await archived(all)).split("\n")[0] ?? "", /<retracted[^]*<moderated[^]*Put up your swords/);
  const [left] = await history(all, "paris");
  assert.match(String(left), /<retracted[^]*<moderated[^]*Put up your swords/);
});

// As Converse.js does.
for (const [kind, config] of Object.entries({ memory: "", "the archive": "[extensions.rooms]\nhistory = 1" })) {
  test(`an author may name it by the id that they gave it themselves, in ${kind}`, async (t) => {
    const all = await party(t, { fields: persistent, config });
    const { stage, romeo, juliet } = all;
    const message = (id: string, body: string): string =>
      `<message type='groupchat' id='${id}' to='${garden}'><body>${body}</body></message>`;
    juliet.send(message("own", "O, be some other name!"));
    await stage.settle();
    romeo.send(message("own", "I defy you, stars!"), message("later", "Then love-devouring death."));
    await stage.settle();
    romeo.send(retraction("own"));
    await stage.settle();
    const left = await archived(all);
    assert.doesNotMatch(left, /stars/);
    assert.match(left, /other name/, "Juliet's, of the same id");
    assert.match(left, /love-devouring/);
    if (kind === "memory") assert.doesNotMatch((await history(all, "paris")).join(""), /stars/);
    juliet.send(retraction("later"));
    await stage.settle();
    assert.match(await archived(all), /love-devouring/, "others can't");
    await roomGoesOn(stage, juliet, all.everybody);
  });
}

test("an author whose client knows but version 0.3 takes a message back; what else is fastened to it changes nothing", async (t) => {
  const all = await party(t, { fields: persistent });
  const { stage, capulet, romeo, juliet, everybody } = all;
  const { features } = await roomInfo(capulet);
  assert.ok(features.includes("urn:xmpp:message-retract:0"));
  await said(all, "I defy you, stars!");
  // `says` gives it this id
  const fastened = (content: string): string =>
    `<message type='groupchat' to='${garden}'><apply-to xmlns='urn:xmpp:fasten:0' id='said'>${content}</apply-to></message>`;
  const old = fastened("<retract xmlns='urn:xmpp:message-retract:0'/>");
  romeo.send(fastened("<i-like-this xmlns='urn:example:like'/>"));
  juliet.send(old);
  await stage.settle();
  assert.match(await archived(all), /stars/);
  for (const client of everybody) await arrivals(stage, client);
  romeo.send(old);
  for (const client of everybody) assert.match((await arrivals(stage, client)).join(""), /<apply-to [^]*<retract /);
  assert.doesNotMatch(await archived(all), /stars/);
  assert.match((await history(all, "paris")).join(""), /<retracted [^]*<retract /);
});

test("it is taken out of the archive also when it is not in memory any more", async (t) => {
  const all = await party(t, { fields: persistent, config: "[extensions.rooms]\nhistory = 1" });
  const id = await said(all, "I defy you, stars!");
  await said(all, "Then love-devouring death do what he dare.");
  all.romeo.send(retraction(id));
  await all.stage.settle();
  const left = await archived(all);
  assert.doesNotMatch(left, /stars/);
  assert.match(left, /love-devouring/);
});

test("nobody takes back what others have said, with or without their nickname, nor what is not there", async (t) => {
  const all = await party(t, { fields: persistent });
  const { stage, romeo, juliet } = all;
  const id = await said(all, "I defy you, stars!");
  juliet.send(retraction(id));
  romeo.send(`<presence type='unavailable' to='${garden}/Romeo'/>`);
  await stage.settle();
  juliet.send(`<presence to='${garden}/Romeo'/>`, retraction(id));
  juliet.send(retraction("none"), `<message type='groupchat' to='${garden}'><retract xmlns='${RETRACT}'/></message>`);
  await juliet.isRefused("forbidden", "set", moderation(id), garden);
  const tybalt = await stage.login("tybalt");
  await tybalt.isRefused("forbidden", "set", moderation(id), garden);
  await all.capulet.isRefused("item-not-found", "set", moderation("none"), garden);
  await all.capulet.isRefused("bad-request", "set", "<moderate xmlns='urn:xmpp:message-moderate:1'/>", garden);
  await all.capulet.isRefused("policy-violation", "set", moderation(id, "O".repeat(1001)), garden);
  const [kept] = await history(all, "paris");
  assert.equal(kept?.getChildText("body"), "I defy you, stars!");
});

test("an author may take it back after having changed the nickname and come again", async (t) => {
  const all = await party(t, { fields: persistent });
  const id = await said(all, "I defy you, stars!");
  all.romeo.send(`<presence type='unavailable' to='${garden}/Romeo'/>`);
  await entersRoom(all.stage, all.romeo, "Montague");
  all.romeo.send(retraction(id));
  await all.stage.settle();
  assert.doesNotMatch(await archived(all), /stars/);
});

test("a message that says of itself that it was taken back can be taken back all the same", async (t) => {
  const all = await party(t, { fields: persistent });
  const { stage, capulet, romeo, everybody } = all;
  says(romeo, "I defy you, stars!", `<retracted xmlns='${RETRACT}' stamp='1596-01-01T00:00:00Z'/>`);
  const [shown] = await arrivals(stage, capulet);
  assert.equal(shown?.getChild("retracted"), undefined);
  for (const client of everybody) await arrivals(stage, client);
  await capulet.gets("set", moderation(String(shown?.getChild("stanza-id")?.attrs["id"])), garden);
  for (const client of everybody) assert.match((await arrivals(stage, client)).join(), /<retract [^]*<moderated/);
  assert.doesNotMatch(await archived(all), /stars/);
});
