// What a persistent room remembers when it goes out of memory, and what happens when it can't be read.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client } from "../../support/client.js";
import {
  adminQuery,
  arrivals,
  configuresRoom,
  enters,
  entersRoom,
  garden,
  makesRoom,
  party,
  persistent,
  refusal,
  roomGoesOn,
  says,
  unloading,
  unloadsRoom,
} from "../../support/rooms.js";
import { playServer } from "../../support/play-server.js";

/** All that its owner can ask it. */
async function knowledge(capulet: Client): Promise<readonly string[]> {
  const lists = ["owner", "admin", "member", "outcast"].map((each) => adminQuery(`<item affiliation='${each}'/>`));
  const queries = [
    "<query xmlns='http://jabber.org/protocol/muc#owner'/>",
    "<query xmlns='http://jabber.org/protocol/disco#info'/>",
    "<vCard xmlns='vcard-temp'/>",
    ...lists,
  ];
  const answers = await Promise.all(queries.map((query) => capulet.asks("get", query, garden)));
  // lists have no order
  return answers.flatMap((answer) => answer.getChildElements()[0]?.children.map(String).sort() ?? []);
}

test("it is read again with all that it was", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t, { fields: persistent, config: unloading });
  await configuresRoom(capulet, {
    "muc#roomconfig_roomname": "The garden of the Capulets",
    "muc#roomconfig_roomdesc": "Für Gäste – no Montagues",
    "muc#roomconfig_membersonly": "1",
    "muc#roomconfig_moderatedroom": "1",
    "muc#roomconfig_maxusers": "20",
    "muc#roomconfig_slow_mode_duration": "3",
  }).catch(() => undefined);
  await entersRoom(stage, romeo, "Romeo").catch(() => undefined);
  await capulet.gets(
    "set",
    adminQuery(`<item affiliation='member' jid='juliet@verona.example' nick='Juliet'/>
      <item affiliation='outcast' jid='tybalt@verona.example'><reason>Quarrels.</reason></item>
      <item affiliation='outcast' jid='mantua.example'/><item affiliation='admin' jid='nurse@verona.example'/>`),
    garden,
  );
  await capulet.gets("set", "<vCard xmlns='vcard-temp'><NICKNAME>Garden</NICKNAME></vCard>", garden);
  capulet.send(`<message type='groupchat' to='${garden}'><subject>Röses</subject></message>`);
  for (const text of ["one", "two ♥", "three"]) says(capulet, text);
  await arrivals(stage, capulet);
  const before = await knowledge(capulet);
  assert.match(before.join(), /Für Gäste.*Quarrels/s);
  await stage.settle();
  await unloadsRoom(stage, { Capulet: capulet });
  const rooms = stage.router.hosts.get("verona.example")?.offers.get("rooms") ?? assert.fail();
  const { rooms: listed } = await rooms.list({}, "", 10);
  assert.deepEqual(
    listed.map(({ isInMemory }) => isInMemory),
    [false],
  );
  const strip = (texts: readonly string[]): string[] =>
    texts.map((text) => text.replace(/(roominfo_occupants[^>]*><value>)\d+/, "$1"));
  assert.deepEqual(strip(await knowledge(capulet)), strip(before));

  const all = await entersRoom(stage, capulet, "Capulet");
  assert.deepEqual(
    all.flatMap((each) => each.getChildText("body") ?? []),
    ["one", "two ♥", "three"],
  );
  assert.equal(all.at(-1)?.getChildText("subject"), "Röses");
  assert.equal(all.at(-1)?.getChild("delay")?.attrs["from"], garden);
  const other = await stage.login("nurse");
  assert.equal(await refusal(stage, other, enters("juliet")), "conflict cancel");
  const tybalt = await stage.login("tybalt");
  assert.equal(await refusal(stage, tybalt, enters("Tybalt")), "forbidden auth");
  assert.equal(juliet.hasEnded, false);
});

test("XEP-0421: occupants keep their ids, through visits, nicknames and readings, and have others elsewhere", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t, { fields: persistent, config: unloading });
  const idIn = async (): Promise<string> => {
    const [shown] = await arrivals(stage, capulet);
    return String((shown ?? assert.fail()).getChild("occupant-id")?.attrs["id"]);
  };
  says(romeo, "Good morrow.");
  const id = await idIn();
  assert.match(id, /^[\w-]{20,}$/);
  romeo.send(`<presence to='${garden}/Montague'/>`);
  assert.equal(await idIn(), id);
  await unloadsRoom(stage, { Capulet: capulet, Montague: romeo, Juliet: juliet });
  await entersRoom(stage, capulet, "Capulet");
  await entersRoom(stage, await stage.login("romeo", "tomb"), "Ghost");
  assert.equal(await idIn(), id);
  await entersRoom(stage, juliet, "Juliet");
  assert.notEqual(await idIn(), id);
  await makesRoom(stage, capulet, "Capulet", {}, "tomb@rooms.verona.example");
  await entersRoom(stage, romeo, "Romeo", "tomb@rooms.verona.example");
  assert.notEqual(await idIn(), id);
});

test("XEP-0463: the versions of its lists go on", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t, { fields: persistent, config: unloading });
  const mav = (since: string): string =>
    `<x xmlns='http://jabber.org/protocol/muc'><mav xmlns='urn:xmpp:muc:affiliations:1' ${since}/></x>`;
  const versionIn = (text: string): string => /until="([^"]+)"/.exec(text)?.[1] ?? assert.fail(text);
  await capulet.gets("set", adminQuery("<item affiliation='member' jid='paris@verona.example'/>"), garden);
  await unloadsRoom(stage, { Romeo: romeo, Juliet: juliet, Capulet: capulet });
  capulet.send(`<presence to='${garden}/Capulet'>${mav("")}</presence>`);
  const whole = (await arrivals(stage, capulet)).join("\n");
  assert.match(whole, /paris@verona\.example/);
  const version = versionIn(whole);
  await capulet.gets("set", adminQuery("<item affiliation='member' jid='nurse@verona.example'/>"), garden);
  await unloadsRoom(stage, { Capulet: capulet });
  capulet.send(`<presence to='${garden}/Capulet'>${mav(`since='${version}'`)}</presence>`);
  const news = (await arrivals(stage, capulet)).filter((each) => each.toString().includes("affiliations:1")).join("\n");
  assert.match(news, /nurse@verona\.example/);
  assert.doesNotMatch(news, /paris@verona\.example/);
});

test("a room that can't be read is not there for a while, but nobody makes another of its name", async (t) => {
  const stage = await playServer(t, { config: unloading });
  const romeo = await stage.login("romeo");
  await makesRoom(stage, romeo, "Romeo", persistent);
  await unloadsRoom(stage, { Romeo: romeo });
  const key = ["verona.example", "rooms.rooms", "garden"] as const;
  const stored = (await stage.storage.hostValues.get(...key)) ?? assert.fail();
  await stage.storage.hostValues.set(...key, "{}");
  assert.equal(await refusal(stage, romeo, enters("Romeo")), "internal-server-error cancel");
  assert.match(
    await refusal(stage, romeo, `<message type='groupchat' to='${garden}'><body>?</body></message>`),
    /^internal-/,
  );
  await romeo.isRefused(
    "internal-server-error",
    "get",
    "<query xmlns='http://jabber.org/protocol/disco#info'/>",
    garden,
  );
  const errors = stage.errors.splice(0);
  assert.ok(errors.length === 3 && errors.every((line) => line.includes("room-not-read")), errors.join("\n"));
  await stage.storage.hostValues.set(...key, stored);
  await entersRoom(stage, romeo, "Romeo");
  await roomGoesOn(stage, romeo, [romeo]);
});

test("nothing is left of a room that was destroyed, nor of one that became temporary once nobody is in it", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t, { fields: persistent, config: unloading });
  says(romeo, "Farewell!");
  await capulet.gets("set", "<vCard xmlns='vcard-temp'><NICKNAME>Garden</NICKNAME></vCard>", garden);
  await configuresRoom(capulet, { "muc#roomconfig_persistentroom": "0" });
  for (const client of [capulet, romeo, juliet]) await arrivals(stage, client);
  await roomGoesOn(stage, juliet, [capulet, romeo, juliet]);
  for (const client of [capulet, romeo, juliet]) client.send(`<presence type='unavailable' to='${garden}/x'/>`);
  await stage.settle();
  for (const store of ["rooms", "listed"])
    assert.deepEqual(await stage.storage.hostValues.entries("verona.example", `rooms.${store}`), [], store);
  assert.deepEqual(await stage.storage.hostCollections.entries("verona.example", "rooms.standings", "garden"), []);
  assert.deepEqual(
    await stage.storage.hostCollections.entries("verona.example", "rooms.owned", "capulet@verona.example"),
    [],
  );
  assert.equal(
    await stage.storage.archive.count({ host: "verona.example", store: "rooms.history", owner: "garden" }, {}),
    0,
  );
  const tybalt = await stage.login("tybalt");
  await makesRoom(stage, tybalt, "Tybalt");
  assert.deepEqual(
    (await tybalt.asks("get", "<vCard xmlns='vcard-temp'/>", garden)).getChild("vCard")?.children ?? [],
    [],
  );
});
