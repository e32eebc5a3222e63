// What becomes of messages that a session could not send before it ended, and of those that nobody could take at first.
import assert from "node:assert/strict";
import { test } from "node:test";
import { extension } from "../../src/extension/index.js";
import { Jid } from "../../src/jid/jid.js";
import { type Client, conditionOf } from "../support/client.js";
import { playServer, type Stage } from "../support/play-server.js";

const JULIET = "juliet@verona.example";
const key = { host: "verona.example", user: "juliet" };

/** The client reads no more, and what is sent from now on stays with the server. */
async function stopsReading(client: Client, romeo: Client): Promise<void> {
  client.transport.clientStopsReading();
  romeo.send(`<message to='${client.jid}' id='read' type='chat'/>`); // with the kernel, so it counts as sent
  await romeo.makesRoundTrip();
}

/** The connection is lost, and the server has noticed and seen to what was unsent. */
async function vanishes(client: Client, stage: Stage): Promise<void> {
  client.transport.clientVanishes();
  await new Promise((resolve) => setImmediate(resolve));
  await stage.storage.hostValues.get("", "", "");
}

function ids(client: Client): string[] {
  const messages = client.unexpected.filter(({ name }) => name === "message");
  return messages.map(({ attrs }) => String(attrs["id"]));
}

test("a message to the bare JID that another resource has is not sent twice", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const [balcony, chamber] = [await stage.enter("juliet", "balcony"), await stage.enter("juliet", "chamber")];
  await stopsReading(balcony, romeo);
  romeo.send(`<message to='${JULIET}' id='1'><body>O</body></message>`);
  await romeo.makesRoundTrip();
  await vanishes(balcony, stage);
  assert.deepEqual(ids(chamber), ["1"]);
  assert.equal(await stage.storage.offline.count(key), 0);
});

test("a resource that came after the message has not got it, and gets it", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const balcony = await stage.enter("juliet", "balcony");
  await stopsReading(balcony, romeo);
  romeo.send(`<message to='${JULIET}' id='1'><body>O</body></message>`);
  await romeo.makesRoundTrip();
  const chamber = await stage.login("juliet", "chamber");
  chamber.send("<presence/>");
  await chamber.makesRoundTrip();
  await vanishes(balcony, stage);
  assert.deepEqual(ids(chamber), ["1"]);
  assert.equal(await stage.storage.offline.count(key), 0);
});

test("a message that none of several resources read is kept, once", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const [balcony, chamber] = [await stage.enter("juliet", "balcony"), await stage.enter("juliet", "chamber")];
  for (const client of [balcony, chamber]) await stopsReading(client, romeo);
  romeo.send(`<message to='${JULIET}' id='1'><body>O</body></message>`);
  await romeo.makesRoundTrip();
  await vanishes(balcony, stage);
  assert.equal(await stage.storage.offline.count(key), 0);
  await vanishes(chamber, stage);
  assert.equal(await stage.storage.offline.count(key), 1);
  await stage.receiveNothing(romeo);
});

test("messages to the full JID: what can be kept is kept, in order; what can't comes back", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const balcony = await stage.enter("juliet", "balcony");
  await stopsReading(balcony, romeo);
  for (const type of ["chat", "normal", "groupchat", "headline", "error"]) {
    romeo.send(`<message to='${balcony.jid}' id='${type}' type='${type}'><body>O</body></message>`);
  }
  romeo.send(`<message to='${balcony.jid}' id='none'><body>O</body></message>`);
  await romeo.makesRoundTrip();
  await vanishes(balcony, stage);
  for (const id of ["groupchat", "headline"]) {
    const error = await romeo.next();
    assert.deepEqual([error.attrs["id"], conditionOf(error)], [id, "service-unavailable"]);
  }
  const kept = await stage.storage.offline.read(key, 0, 10);
  assert.deepEqual(kept.map(({ stanza }) => / id='(\w+)'/.exec(stanza)?.[1]), ["chat", "normal", "none"]);
  await stage.receiveNothing(romeo);
}); // prettier-ignore

test("whoever comes while it is found out whether a message can be kept, gets it", async (t) => {
  const gates: (() => void)[] = [];
  const slow = extension({
    name: "slow",
    sentence: "Takes its time to say no.",
    start: (host) => host.undeliverable(() => new Promise((resolve) => gates.push(() => resolve(false)))),
  });
  const stage = await playServer(t, { extensions: [slow] });
  await stage.account("juliet");
  const romeo = await stage.login("romeo");
  romeo.send(`<message to='${JULIET}' id='1'><body>O</body></message>`);
  await stage.settle();
  stage.router.hosts.get("verona.example")?.accounts.invalidate(Jid.parse(JULIET));
  const juliet = await stage.enter("juliet");
  gates.shift()?.();
  await stage.settle();
  assert.deepEqual(ids(juliet), ["1"]);
  await juliet.leaves();
  romeo.send(`<message to='${JULIET}' id='2'><body>O</body></message>`);
  await stage.settle();
  gates.shift()?.();
  assert.equal(conditionOf(await romeo.next()), "service-unavailable");
});
