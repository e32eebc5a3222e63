// The server is killed while people talk in a room: whatever anybody has seen is in the accounts of those who are away.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { type Member, Play } from "./absence.js";
import { assertOrder } from "./company.js";
import type { Heard } from "./guest.js";

const timeout = 180_000;
const askRoom = "<query xmlns='http://jabber.org/protocol/disco#info'/>";

/** Before they enter, and then as they do: what is in the history they have already, under the same ids, and once. */
async function verify(member: Member, seen: readonly Heard[]): Promise<void> {
  await member.collects();
  const copies = new Set(member.copies.map(({ id }) => id));
  assert.equal(copies.size, member.copies.length, `${member.nick} got something twice`);
  assertOrder(member.copies);
  const ids = new Set(seen.map(({ id }) => id));
  assert.deepEqual(
    member.copies.filter(({ id }) => ids.has(id)),
    seen,
    `${member.nick} did not get what was seen`,
  );
  await member.enters();
  await member.asks("get", askRoom);
  assert.deepEqual(member.copies, member.heard, `${member.nick} did not get what the history has, or more`);
  assert.deepEqual(member.heard.slice(0, seen.length), seen);
}

test("what anybody has seen before kill -9 has each who is away, once, in order", { timeout }, async (t) => {
  const play = await Play.begin(t);
  await play.assemble();
  await play.choose();
  for (const lines of [1, 5, 20, 30, 50, 70]) {
    await play.start();
    await play.assemble();
    const seen = await play.talkUntilKilled(lines);
    await play.start();
    for (const member of play.members) {
      await play.logIn(member);
      await verify(member, seen);
    }
    const [member = assert.fail()] = play.members;
    t.diagnostic(`${seen.length} seen, ${member.heard.length} in the history, ${member.copies.length} copies each`);
    await play.kill();
  }
});

/** What came to them as it went out, and what is brought to them now. */
async function verifyGone(member: Member, seen: readonly Heard[]): Promise<void> {
  await member.collects();
  const ids = member.copies.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, `${member.nick} got something twice`);
  assertOrder(member.copies);
  assert.deepEqual(member.copies.slice(0, seen.length), seen, `${member.nick} did not get what was seen`);
}

test("so has who goes while they talk: what had not come to them before", { timeout }, async (t) => {
  const play = await Play.begin(t);
  await play.assemble();
  await play.choose();
  for (const most of [1, 2, 4, 6, 8, 10]) {
    await play.start();
    await play.assemble();
    const [speaker = assert.fail()] = play.speakers;
    await speaker.asks("get", askRoom);
    const old = new Set(speaker.heard.map(({ id }) => id));
    for (const member of play.members) {
      await play.logIn(member);
      await member.collects();
      member.copies.length = 0;
      member.goesAfter(randomInt(1, 80)).catch(assert.fail);
    }
    const seen = (await play.talkWhileTheyGo(most)).filter(({ id }) => !old.has(id));
    await play.start();
    const gone = play.members.filter(({ hasGone }) => hasGone);
    for (const member of gone) {
      await play.logIn(member);
      await verifyGone(member, seen);
    }
    t.diagnostic(`${seen.length} seen, ${gone.length} had gone`);
    await play.kill();
  }
});
