// The server is killed while messages are taken back: those of which but a tombstone is left are those that were retracted.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { generous } from "./company.js";
import { Guest } from "./guest.js";
import { host, Household, ServerProcess } from "./server-process.js";

const timeout = 120_000;
const MUC = "http://jabber.org/protocol/muc";
const RETRACT = "urn:xmpp:message-retract:1";
const most = 60;

/** Enters a room that stays. */
async function enters(server: ServerProcess): Promise<Guest> {
  const juliet = new Guest("juliet", "garden@rooms.verona.example");
  juliet.uses(await server.login("juliet"));
  await juliet.enters();
  const persistent = `<field var='muc#roomconfig_persistentroom'><value>1</value></field>`;
  const type = `<field var='FORM_TYPE'><value>${MUC}#roomconfig</value></field>`;
  const form = `<x xmlns='jabber:x:data' type='submit'>${type}${persistent}</x>`;
  assert.match(await juliet.asks("set", `<query xmlns='${MUC}#owner'>${form}</query>`), / type='result'/);
  return juliet;
}

/** Takes all of it back, every other message as a moderator; resolves when some of that is done. */
async function takesBack(juliet: Guest, ids: readonly string[]): Promise<void> {
  let done = 0;
  for (const [index, id] of ids.entries()) {
    if (index % 2 === 0) {
      juliet.send(`<message type='groupchat' to='${juliet.room}'><retract xmlns='${RETRACT}' id='${id}'/></message>`);
      continue;
    }
    const moderate = `<moderate xmlns='urn:xmpp:message-moderate:1' id='${id}'><retract xmlns='${RETRACT}'/></moderate>`;
    juliet.asks("set", moderate).then(() => (done += 1), assert.ifError);
  }
  const enough = randomInt(1, ids.length / 4);
  await juliet.until(() => done >= enough);
  await delay(randomInt(0, 5));
}

/** The ids of messages that are but tombstones, and of those that the history says were retracted. */
async function left(household: Household): Promise<readonly [readonly string[], readonly string[]]> {
  const key = { host, store: "rooms.history", owner: "garden" };
  const rows = await household.withStorage((storage) => storage.archive.last(key, 10_000, {}));
  const buried = rows.filter(({ stanza }) => stanza.includes("<retracted ")).map(({ id }) => id);
  const named = rows.flatMap(
    ({ stanza }) => / id=["']([^"']+)/.exec(/<retract [^>]*>/.exec(stanza)?.[0] ?? "")?.[1] ?? [],
  );
  return [buried.sort(), named.sort()];
}

test("kill -9 does not part a tombstone from the retraction that it comes of", { timeout }, async (context) => {
  const household = new Household();
  context.after(() => household.remove());
  household.extend(generous.slice(generous.indexOf("[extensions")));
  await household.settle(["juliet"]);
  let before = 0;
  for (let round = 0; round < 8; round += 1) {
    const server = await ServerProcess.start(household);
    context.after(() => server.kill());
    const juliet = await enters(server);
    const old = new Set(juliet.heard.map(({ id }) => id));
    juliet.says(most);
    const fresh = (): readonly string[] => juliet.heard.map(({ id }) => id).filter((id) => !old.has(id));
    await juliet.until(() => fresh().length >= most);
    await takesBack(juliet, fresh());
    await server.kill();
    assert.equal(server.complaints, "");
    const [buried, named] = await left(household);
    assert.deepEqual(buried, named);
    assert.ok(buried.length > before);
    before = buried.length;
  }
  context.diagnostic(`${before} taken back`);
});
