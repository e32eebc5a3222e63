// What an operator does with rooms, by way of what the extension offers (src/extension/room-operations.ts).
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Jid } from "../../../src/jid/jid.js";
import type { RoomOperations, RoomSettings } from "../../../src/extension/room-operations.js";
import type { Client } from "../../support/client.js";
import { playServer, type Stage } from "../../support/play-server.js";
import { enters } from "../../support/rooms.js";

const domain = "rooms.verona.example";
const juliet = Jid.parse("juliet@verona.example");
const noSettings: RoomSettings = new Map();

async function begin(t: TestContext, config = ""): Promise<{ readonly stage: Stage; readonly rooms: RoomOperations }> {
  const stage = await playServer(t, { config });
  const rooms = stage.router.hosts.get("verona.example")?.offers.get("rooms") ?? assert.fail();
  return { stage, rooms };
}

function room(name: string): Jid {
  return Jid.parse(`${name}@${domain}`);
}

/** Asks to enter; resolves with the first thing that comes of it. */
async function asksToEnter(client: Client, name: string, nick: string): Promise<string> {
  client.send(enters(nick, `${name}@${domain}`));
  return (await client.next()).toString();
}

/** Lets so much time pass that rooms that nobody is in are on disk alone. */
async function unloads(stage: Stage): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    stage.clock.advance(600_000);
    await stage.settle();
  }
}

async function names(rooms: RoomOperations): Promise<string[]> {
  const { rooms: all } = await rooms.list({}, "", 100);
  return all.map(({ address, isInMemory }) => `${address.replace(/@.*/, "")}${isInMemory ? "" : " on disk"}`);
}

test("it is offered while the host runs", async (t) => {
  const { rooms } = await begin(t);
  assert.deepEqual([rooms.host, rooms.domain], ["verona.example", domain]);
});

test("of two that make the same room one is refused", async (t) => {
  const { rooms } = await begin(t);
  const both = [rooms.create(room("garden"), juliet, noSettings), rooms.create(room("garden"), juliet, noSettings)];
  const [first, second] = await Promise.allSettled(both);
  assert.equal(first?.status, "fulfilled");
  assert.match(String(second?.status === "rejected" && second.reason), /garden@rooms\.verona\.example exists already/);
});

test("what was done to a room is there when it is read again", async (t) => {
  const { stage, rooms } = await begin(t);
  const romeo = Jid.parse("romeo@verona.example").toString();
  await rooms.create(room("garden"), juliet, new Map([["name", ["The garden"]]]));
  await rooms.configure(room("garden"), new Map([["moderated", ["yes"]]]));
  await rooms.affiliate(room("garden"), { address: romeo, affiliation: "member", nick: "Romeo" });
  await rooms.setSubject(room("garden"), "Roses");
  const before = await rooms.show(room("garden"));
  await unloads(stage);
  assert.deepEqual(await names(rooms), ["garden on disk"]);
  assert.deepEqual(await rooms.show(room("garden")), before);
  assert.deepEqual(await rooms.affiliations(room("garden")), [
    { address: "juliet@verona.example", affiliation: "owner", nick: undefined, reason: undefined },
    { address: romeo, affiliation: "member", nick: "Romeo", reason: undefined },
  ]);
});

test("a room that nobody is in is gone once it is temporary", async (t) => {
  const { rooms } = await begin(t);
  await rooms.create(room("garden"), juliet, noSettings);
  await rooms.configure(room("garden"), new Map([["persistent", ["no"]]]));
  assert.deepEqual(await names(rooms), []);
  await assert.rejects(rooms.show(room("garden")), /There is no room garden@/);
});

test("a room that its owner is still making is configured by the operator", async (t) => {
  const { stage, rooms } = await begin(t);
  const romeo = await stage.enter("romeo");
  await asksToEnter(romeo, "garden", "Romeo");
  assert.equal((await rooms.show(room("garden"))).isLocked, true);
  const shown = await rooms.configure(room("garden"), new Map([["persistent", ["yes"]]]));
  assert.deepEqual([shown.isLocked, shown.isPersistent, shown.occupants], [false, true, 1]);
});

test("pages are in the order of names, with rooms in memory and on disk alone in their places", async (t) => {
  const { stage, rooms } = await begin(t);
  for (const name of ["tomb", "ball"]) await rooms.create(room(name), juliet, noSettings);
  await unloads(stage);
  await rooms.create(room("garden"), juliet, noSettings);
  assert.deepEqual(await names(rooms), ["ball on disk", "garden", "tomb on disk"]);
  const read: string[] = [];
  for (let after: string | null = ""; after !== null;) {
    const page = await rooms.list({}, after, 1);
    read.push(...page.rooms.map(({ address }) => address.replace(/@.*/, "")));
    after = page.next;
  }
  assert.deepEqual(read, ["ball", "garden", "tomb"]);
});

test("when a room was used last is known to the day, even while somebody stays in it", async (t) => {
  const { stage, rooms } = await begin(t, "[clients]\nidle_timeout = '1d'\n[extensions.ping]\nenabled = false");
  await rooms.create(room("garden"), juliet, noSettings);
  const start = stage.clock.now();
  const romeo = await stage.enter("romeo");
  await asksToEnter(romeo, "garden", "Romeo");
  for (let hours = 0; hours < 60; hours += 6) {
    stage.clock.advance(6 * 3_600_000);
    await romeo.makesRoundTrip(); // a sign of life
  }
  const stored = await stage.storage.hostValues.get("verona.example", "rooms.rooms", "garden");
  const { visitedAt } = JSON.parse(stored ?? "{}") as { readonly visitedAt: number };
  assert.ok(visitedAt - start > 86_400_000, `${visitedAt - start} ms`);
  assert.equal((await rooms.show(room("garden"))).lastUsedAt, stage.clock.now());
});

test("a room that is in use is not destroyed as an unused one", async (t) => {
  const { stage, rooms } = await begin(t);
  await rooms.create(room("garden"), juliet, noSettings);
  stage.clock.advance(10_000);
  await stage.storage.hostValues.get("", "", "");
  const romeo = await stage.enter("romeo");
  await asksToEnter(romeo, "garden", "Romeo");
  await assert.rejects(rooms.destroy(room("garden"), { unusedFor: 5000 }), /has been used meanwhile; it stays/);
  assert.equal(await rooms.destroy(room("garden"), {}), 1);
});

test("a room that can't be read is not taken for none", async (t) => {
  const { stage, rooms } = await begin(t);
  await stage.storage.hostValues.set("verona.example", "rooms.rooms", "garden", "nonsense");
  await assert.rejects(rooms.show(room("garden")), /This room can't be read at present/);
  await assert.rejects(rooms.create(room("garden"), juliet, noSettings), /can't be read/);
  const romeo = await stage.enter("romeo");
  assert.match(await asksToEnter(romeo, "garden", "Romeo"), /type="error".*<internal-server-error/);
  assert.equal(await stage.storage.hostValues.get("verona.example", "rooms.rooms", "garden"), "nonsense");
  await romeo.leaves();
  await stage.settle();
  const errors = stage.errors.splice(0);
  assert.ok(errors.length >= 3 && errors.every((line) => line.includes("room-not-read")), errors.join("\n"));
});
