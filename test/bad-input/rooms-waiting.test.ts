// More stanzas for a room than may wait for it: the rest is refused at once, nothing is lost in silence, and it goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionOf } from "../support/client.js";
import {
  arrivals,
  enters,
  entersRoom,
  garden,
  makesRoom,
  party,
  persistent,
  roomGoesOn,
  says,
  unloading,
  unloadsRoom,
} from "../support/rooms.js";
import { playServer } from "../support/play-server.js";
import { holdUp } from "../support/slow-storage.js";

const info = `<query xmlns='http://jabber.org/protocol/disco#info'/>`;

test("thousands of stanzas for a room that has to be read", async (t) => {
  const stage = await playServer(t, { config: unloading });
  const capulet = await stage.login("capulet");
  await makesRoom(stage, capulet, "Capulet", persistent);
  await unloadsRoom(stage, { Capulet: capulet });
  const held = holdUp(stage.storage, "hostCollections", "entries");
  const tybalt = await stage.login("tybalt");
  for (let count = 0; count < 3000; count += 1)
    tybalt.send(`<iq type='get' id='i${count}' to='${garden}'>${info}</iq>`);
  const refused = await arrivals(stage, tybalt);
  assert.deepEqual([refused.length, ...new Set(refused.map(conditionOf))], [2000, "resource-constraint"]);
  held.release();
  const answered = await arrivals(stage, tybalt);
  assert.deepEqual([answered.length, ...new Set(answered.map(({ attrs }) => String(attrs["type"])))], [1000, "result"]);
  await entersRoom(stage, capulet, "Capulet");
  await entersRoom(stage, tybalt, "Tybalt");
  await roomGoesOn(stage, tybalt, [capulet, tybalt]);
});

test("thousands of stanzas for a room whose messages are being stored", async (t) => {
  const { stage, romeo, juliet, everybody } = await party(t, { fields: persistent });
  const held = holdUp(stage.storage, "archive", "append");
  says(romeo, "one");
  for (let count = 0; count < 3000; count += 1)
    juliet.send(`<iq type='get' id='i${count}' to='${garden}'>${info}</iq>`);
  const refused = await arrivals(stage, juliet);
  assert.deepEqual([refused.length, ...new Set(refused.map(conditionOf))], [2000, "resource-constraint"]);
  held.release();
  const all = await arrivals(stage, juliet);
  assert.deepEqual(
    all.slice(0, 2).map(({ name }) => name),
    ["message", "iq"],
  );
  assert.equal(all.length, 1001);
  await roomGoesOn(stage, romeo, everybody);
});

test("a crowd at the door of a room that is being destroyed: each is answered, and a new room takes its name", async (t) => {
  const { stage, capulet } = await party(t, { fields: persistent });
  const held = holdUp(stage.storage, "hostCollections", "clear");
  const destroyed = capulet.asks(
    "set",
    "<query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query>",
    garden,
  );
  const crowd = await Promise.all(Array.from({ length: 20 }, (_, index) => stage.login(`guest${index}`)));
  for (const [index, guest] of crowd.entries()) {
    says(guest, "Let us in!");
    guest.send(enters(`Guest${index}`));
  }
  held.release();
  assert.equal((await destroyed).attrs["type"], "result");
  const inside: string[] = [];
  for (const guest of crowd) {
    const all = await arrivals(stage, guest);
    assert.ok(all.length >= 2, `${guest.jid}: ${all.join("\n")}`);
    if (all.some((each) => each.toString().includes('code="201"'))) inside.push(guest.jid);
    else assert.deepEqual(all.map(conditionOf), ["item-not-found", "item-not-found"], guest.jid);
  }
  assert.deepEqual(inside, [crowd[0]?.jid]);
  await roomGoesOn(stage, crowd[0] ?? assert.fail(), crowd.slice(0, 1));
  const standings = await stage.storage.hostCollections.entries("verona.example", "rooms.standings", "garden");
  assert.deepEqual(standings, []);
});
