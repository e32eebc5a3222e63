// A room of hundreds: one who enters is shown to all and all to them in parts, and nothing in the room comes in between.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inTurns, mostInOneTurn, slices } from "../../../xeps/0045-multi-user-chat/in-turns.js";
import type { Element } from "../../../src/xml/element.js";
import type { Client } from "../../support/client.js";
import { playServer, Stage } from "../../support/play-server.js";
import { garden, makesRoom, says, spoken } from "../../support/rooms.js";

const muc = "<x xmlns='http://jabber.org/protocol/muc'/>";
const elsewhere = "balcony@rooms.verona.example";

/** Montagues enough that a newcomer is shown to them in two parts. */
async function crowd(stage: Stage): Promise<Client[]> {
  const owner = await stage.login("montague");
  await makesRoom(stage, owner, "Montague");
  const everybody = [owner];
  for (let number = everybody.length; number < mostInOneTurn + 20; number += 1) {
    const client = await stage.login(`kinsman${number}`);
    client.send(`<presence to='${garden}/Kinsman${number}'>${muc}</presence>`);
    everybody.push(client);
  }
  await stage.settle();
  for (const client of everybody) while (client.unexpected.length > 0) await client.next();
  return everybody;
}

const lastNick = `Kinsman${mostInOneTurn + 19}`;

/** What stanzas are, and from where in the room. */
function seen(stanzas: readonly Element[]): readonly string[] {
  return stanzas.map(({ name, attrs }) => `${name} ${String(attrs["from"]).slice(garden.length)}`);
}

/** All that comes up to the stanza that looks so, for the `count`th time. */
async function hears(client: Client, last: string, count = 1): Promise<Element[]> {
  const heard: Element[] = [];
  while (seen(heard).filter((each) => each === last).length < count) heard.push(await client.next());
  return heard;
}

test("who enters among hundreds hears of all, then of itself, then what was said meanwhile; and all hear of it first", async (t) => {
  const stage = await playServer(t);
  const [owner, ...others] = await crowd(stage);
  const [romeo, juliet] = [await stage.login("romeo"), await stage.login("juliet")];
  romeo.send(`<presence to='${garden}/Romeo'>${muc}</presence>`);
  juliet.send(`<presence to='${garden}/Juliet'>${muc}</presence>`);
  says(owner as Client, "Two more.");
  owner?.send(`<presence to='${garden}/Montague'><show>away</show></presence>`);
  const then = ["presence /Juliet", "message /Montague", "presence /Montague"];
  const present = others.map((_, index) => `presence /Kinsman${index + 1}`);
  const all = ["presence /Montague", ...present, "presence /Romeo", "message ", ...then];
  assert.deepEqual(seen(await hears(romeo, "presence /Montague", 2)), all);
  await stage.settle();
  assert.deepEqual(seen(others.at(-1)?.unexpected ?? []), ["presence /Romeo", ...then]);
  assert.deepEqual(seen(others[0]?.unexpected ?? []), ["presence /Romeo", ...then]);
});

test("whoever speaks elsewhere is heard while somebody enters among hundreds", async (t) => {
  const stage = await playServer(t);
  await crowd(stage);
  const [romeo, juliet] = [await stage.login("romeo"), await stage.login("juliet")];
  await makesRoom(stage, juliet, "Juliet", {}, elsewhere);
  romeo.send(`<presence to='${garden}/Romeo'>${muc}</presence>`);
  says(juliet, "Who is it?", "", elsewhere);
  await juliet.makesRoundTrip();
  assert.deepEqual(spoken(juliet.unexpected), ["Who is it?"]);
  assert.ok(!seen(romeo.unexpected).includes("presence /Romeo"), "Romeo is in before Juliet is heard");
  await hears(romeo, "presence /Romeo");
});

test("moderators made among hundreds are shown who is there, one after the other, and nobody who has left meanwhile", async (t) => {
  const stage = await playServer(t);
  const [owner, first, second, ...others] = await crowd(stage);
  const last = others.at(-1);
  const items = ["Kinsman1", "Kinsman2"].map((nick) => `<item nick='${nick}' role='moderator'/>`).join("");
  const query = `<query xmlns='http://jabber.org/protocol/muc#admin'>${items}</query>`;
  owner?.send(`<iq type='set' id='made' to='${garden}'>${query}</iq>`);
  last?.send(`<presence type='unavailable' to='${garden}/${lastNick}'/>`);
  await stage.settle();
  for (const client of [first, second]) {
    const heard = seen(client?.unexpected ?? []);
    assert.equal(heard.filter((each) => each === "presence /Kinsman3").length, 1);
    assert.equal(heard.filter((each) => each === `presence /${lastNick}`).length, 1, "its farewell alone");
  }
});

test("the service ends while somebody enters among hundreds: they are put out, and hear of nobody any more", async () => {
  const stage = new Stage({});
  await stage.start();
  await crowd(stage);
  const romeo = await stage.login("romeo");
  romeo.send(`<presence to='${garden}/Romeo'>${muc}</presence>`);
  const stopped = stage.stop(); // a first part has been done
  const heard = await hears(romeo, "presence /Romeo");
  assert.match(String(heard.at(-1)), /unavailable.*code="332"/);
  assert.equal(heard.length, mostInOneTurn + 1);
  await stopped;
  assert.deepEqual(seen(romeo.unexpected), ["stream:error "]);
});

test("work in parts: at once when it is little, else others get their turn in between, and a failure is told", async () => {
  const log: string[] = [];
  const work = (count: number) => slices(Array.from({ length: count }), ({ length }) => void log.push(String(length)));
  assert.equal(inTurns(work(mostInOneTurn)), undefined);
  assert.deepEqual(log.splice(0), ["250"]);
  const done = inTurns(work(2 * mostInOneTurn + 1));
  setImmediate(() => log.push("another"));
  assert.deepEqual(log, ["250"]);
  await done;
  assert.deepEqual(log, ["250", "250", "another", "1"]);
  await assert.rejects(async () => inTurns(failing()), /a plague/);
});

function* failing(): Generator<void, void> {
  yield;
  throw new Error("a plague");
}
