// Letters that wait for a server that is down survive the death of their own server, by kill -9 and in order.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RawClient } from "../support/raw-client.js";
import { countAt, Letters } from "./letters.js";
import { type City, twoServers } from "./two-servers.js";

const count = 10_000;
const timeout = 180_000;

async function changesRoster(client: RawClient): Promise<void> {
  const item = `<item jid='friar@${client.host}' name='F'/>`;
  assert.match(await client.asks("set", `<query xmlns='jabber:iq:roster'>${item}</query>`), / type='result'/);
}

/** What stands in the database is committed when a later change has been answered. */
async function isKept(text: string, city: City, bystander: RawClient): Promise<void> {
  while (!city.hasWritten(text)) await changesRoster(bystander);
  await changesRoster(bystander);
}

test(
  "killed while letters wait for another server, a server still sends them, once and in order",
  { timeout },
  async (t) => {
    const { verona, mantua } = await twoServers(t);
    await verona.start();
    const [juliet, nurse] = [await verona.login("juliet"), await verona.login("nurse")];
    const letters = new Letters("romeo@mantua.example");
    letters.write(juliet, count);
    await isKept(`Letter ${count - 1}:`, verona, nurse);
    await verona.kill();
    await verona.start();
    countAt(await verona.enter("juliet"), letters);
    await mantua.start();
    countAt(await mantua.enter("romeo"), letters);
    await letters.settled();
    letters.assertPerfect();
    assert.deepEqual([verona.complaints, mantua.complaints], ["", ""]);
  },
);

test("stopped while letters wait for another server, a server sends them when it is back", { timeout }, async (t) => {
  const { verona, mantua } = await twoServers(t);
  await verona.start();
  const juliet = await verona.login("juliet");
  const letters = new Letters("romeo@mantua.example");
  letters.write(juliet, count);
  await juliet.makesRoundTrip();
  assert.equal(await verona.stop(), 0);
  assert.doesNotMatch(juliet.heard, /type='error'/);
  await verona.start();
  countAt(await verona.enter("juliet"), letters);
  await mantua.start();
  countAt(await mantua.enter("romeo"), letters);
  await letters.settled();
  letters.assertPerfect();
});

test("stopped in the middle of the flow, a server sends the rest when it is back", { timeout }, async (t) => {
  const { verona, mantua } = await twoServers(t);
  await Promise.all([verona.start(), mantua.start()]);
  const letters = new Letters("romeo@mantua.example");
  countAt(await mantua.enter("romeo"), letters);
  const juliet = await verona.login("juliet");
  letters.write(juliet, count);
  await juliet.makesRoundTrip();
  await letters.until(() => letters.arrived.length >= 1000);
  t.diagnostic(`${letters.arrived.length} had arrived before`);
  assert.equal(await verona.stop(), 0);
  assert.doesNotMatch(juliet.heard, /type='error'/);
  await verona.start();
  countAt(await verona.enter("juliet"), letters);
  await letters.settled();
  letters.assertPerfect();
});
