// What is on disk before anybody sees it, and in which order things happen meanwhile: the promise of persistent rooms.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  arrivals,
  enters,
  entersRoom,
  garden,
  makesRoom,
  muc,
  party,
  persistent,
  refusal,
  roomGoesOn,
  says,
  spoken,
  unloading,
  unloadsRoom,
} from "../../support/rooms.js";
import { playServer } from "../../support/play-server.js";
import { holdUp } from "../../support/slow-storage.js";

test("messages of a persistent room go out once they are on disk, in order, and all else waits for them", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t, { fields: persistent });
  const tybalt = await stage.login("tybalt");
  const held = holdUp(stage.storage, "archive", "append");
  says(romeo, "one");
  says(juliet, "two");
  tybalt.send(enters("Tybalt"));
  juliet.send(`<presence type='unavailable' to='${garden}/Juliet'/>`);
  says(romeo, "three");
  for (const client of [capulet, tybalt, juliet]) assert.deepEqual(await arrivals(stage, client), []);
  assert.equal(held.waiting, 2);
  held.release();
  const heard = await arrivals(stage, capulet);
  assert.deepEqual(
    heard.map((each) => each.getChildText("body") ?? `${each.name} ${each.attrs["from"]}`),
    ["one", "two", `presence ${garden}/Tybalt`, `presence ${garden}/Juliet`, "three"],
  );
  assert.deepEqual(spoken(await arrivals(stage, tybalt)), ["one", "two", "three"]);
  assert.deepEqual(spoken(await arrivals(stage, juliet)), ["one", "two"]);
});

test("what is not kept and what sets the subject don't overtake what was said before", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t, {
    fields: { ...persistent, "muc#roomconfig_changesubject": "1" },
  });
  const held = holdUp(stage.storage, "archive", "append");
  says(romeo, "one");
  romeo.send(
    `<message type='groupchat' to='${garden}'><paused xmlns='http://jabber.org/protocol/chatstates'/></message>`,
  );
  juliet.send(`<message type='groupchat' to='${garden}'><subject>Names</subject></message>`);
  says(juliet, "two");
  assert.deepEqual(await arrivals(stage, capulet), []);
  held.release();
  const heard = await arrivals(stage, capulet);
  assert.deepEqual(
    heard.map((each) => each.getChildElements()[0]?.toString()),
    [
      "<body>one</body>",
      '<paused xmlns="http://jabber.org/protocol/chatstates"/>',
      "<subject>Names</subject>",
      "<body>two</body>",
    ],
  );
});

test("a temporary room touches no storage", async (t) => {
  const { stage, romeo, everybody } = await party(t);
  const held = holdUp(stage.storage, "archive", "append");
  await roomGoesOn(stage, romeo, everybody);
  assert.equal(held.waiting, 0);
  held.release();
});

test("what waits for a room to be read is done in order", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t, { fields: persistent, config: unloading });
  await unloadsRoom(stage, { Capulet: capulet, Romeo: romeo, Juliet: juliet });
  const held = holdUp(stage.storage, "hostCollections", "entries");
  romeo.send(enters("Romeo"));
  says(romeo, "Did my heart love till now?");
  juliet.send(enters("Juliet"));
  says(juliet, "Ay me!");
  romeo.send(`<presence type='unavailable' to='${garden}/Romeo'/>`);
  assert.deepEqual(await arrivals(stage, romeo), []);
  assert.ok(held.waiting > 0);
  held.release();
  await stage.settle();
  assert.deepEqual(spoken(await arrivals(stage, romeo)), ["Did my heart love till now?", "Ay me!"]);
  const all = await arrivals(stage, juliet);
  assert.deepEqual(spoken(all), ["Did my heart love till now?", "Ay me!"]);
  assert.equal(all.at(-1)?.attrs["type"], "unavailable");
});

test("of two who enter a room that is not there, the first makes it, and the other waits in vain", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const juliet = await stage.login("juliet");
  romeo.send(enters("Romeo"));
  assert.equal(await refusal(stage, juliet, enters("Juliet")), "item-not-found cancel");
  assert.ok((await arrivals(stage, romeo)).some((each) => each.toString().includes('code="201"')));
});

test("whoever waits for a room that is destroyed meanwhile finds none", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t, { fields: persistent });
  const tybalt = await stage.login("tybalt");
  const held = holdUp(stage.storage, "archive", "append");
  says(romeo, "I dreamt a dream to-night.");
  const destroyed = capulet.asks(
    "set",
    "<query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query>",
    garden,
  );
  tybalt.send(enters("Tybalt"));
  says(juliet, "What's in a name?");
  romeo.send(`<presence to='${garden}/Montague'/>`);
  held.release();
  assert.equal((await destroyed).attrs["type"], "result");
  const ofJuliet = await arrivals(stage, juliet);
  assert.deepEqual(spoken(ofJuliet), ["I dreamt a dream to-night."]);
  assert.ok(
    ofJuliet.some((each) => each.toString().includes("<destroy")),
    ofJuliet.join("\n"),
  );
  assert.ok(
    ofJuliet.some((each) => each.toString().includes("<item-not-found")),
    ofJuliet.join("\n"),
  );
  // Tybalt has made one of that name, which nobody knew before
  const ofTybalt = await arrivals(stage, tybalt);
  assert.deepEqual(spoken(ofTybalt), []);
  assert.match(ofTybalt.join("\n"), /code="201"/);
});

test("a session that ends while too much is waiting leaves no ghost", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t, { fields: persistent });
  const held = holdUp(stage.storage, "archive", "append");
  says(romeo, "one");
  juliet.send(
    ...Array.from({ length: 1000 }, () => `<iq type='get' id='i' to='${garden}'><ping xmlns='urn:xmpp:ping'/></iq>`),
  );
  assert.equal(
    await refusal(stage, juliet, `<presence to='${garden}/Juliet'><show>away</show></presence>`),
    "resource-constraint wait",
  );
  await romeo.leaves();
  await stage.settle();
  held.release();
  const heard = await arrivals(stage, capulet);
  assert.deepEqual(
    heard.map(({ attrs }) => String(attrs["type"])),
    ["groupchat", "unavailable"],
  );
  await arrivals(stage, juliet);
  await roomGoesOn(stage, juliet, [capulet, juliet]);
});

test("sessions that come or go while too much is waiting wait too, each once", async (t) => {
  const { stage, romeo, juliet } = await party(t, { fields: persistent });
  const [tybalt, paris] = [await stage.login("tybalt"), await stage.login("paris")];
  const held = holdUp(stage.storage, "archive", "append");
  says(romeo, "one");
  juliet.send(
    ...Array.from({ length: 1000 }, () => `<iq type='get' id='i' to='${garden}'><ping xmlns='urn:xmpp:ping'/></iq>`),
  );
  const enters = (nick: string, more = ""): string => `<presence to='${garden}/${nick}'>${muc}${more}</presence>`;
  assert.equal(await refusal(stage, tybalt, enters("Tybalt")), "");
  assert.equal(await refusal(stage, tybalt, enters("Tybalt")), "resource-constraint wait");
  assert.equal(await refusal(stage, paris, enters("Paris", "x".repeat(10_000))), "resource-constraint wait");
  assert.equal(await refusal(stage, paris, enters("Paris")), "");
  await paris.leaves();
  held.release();
  const ofRomeo = (await arrivals(stage, romeo)).map((each) => `${each.attrs["from"]} ${each.attrs["type"]}`);
  const gone = `${garden}/Paris unavailable`;
  assert.deepEqual(ofRomeo.slice(1), [`${garden}/Tybalt undefined`, `${garden}/Paris undefined`, gone]);
  await arrivals(stage, juliet);
  await roomGoesOn(stage, juliet, [romeo, juliet, tybalt]);
});

test("the archive is kept short although the room is read again and again", async (t) => {
  const stage = await playServer(t, { config: `${unloading}\nstored_history = 3` });
  const romeo = await stage.login("romeo");
  await makesRoom(stage, romeo, "Romeo", persistent);
  for (const text of ["one", "two", "three", "four", "five", "six"]) {
    says(romeo, text);
    await unloadsRoom(stage, { Romeo: romeo });
    await entersRoom(stage, romeo, "Romeo");
  }
  const key = { host: "verona.example", store: "rooms.history", owner: "garden" };
  assert.ok((await stage.storage.archive.count(key, {})) <= 3);
});
