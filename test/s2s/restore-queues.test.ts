// A start after a stop or a crash: what waited takes its place again, what may have arrived comes back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStorage } from "../../src/storage/memory/memory-storage.js";
import type { Storage } from "../../src/storage/storage.js";
import { letter } from "./support/letters.js";
import { Mantua } from "./support/mantua.js";
import { OtherServer } from "./support/other-server.js";

const romeo = { host: "mantua.example", user: "romeo" };

/** As a server left it that was killed: these waited, the first so many marked as about to be sent. */
async function leftBehind(ids: readonly number[], marked = 0, remote = "verona.example"): Promise<Storage> {
  const storage = memoryStorage();
  const keys = { salt: "", iterations: 1, storedKey: "", serverKey: "" };
  const credentials = { "SHA-1": keys, "SHA-256": keys };
  await storage.accounts.create({ ...romeo, credentials, isDisabled: false, createdAt: 0 });
  const sequences: number[] = [];
  for (const id of ids) {
    const text = letter(id, { to: `juliet@${remote}` }).toXml("jabber:client");
    sequences.push(await storage.outbound.append("mantua.example", remote, text, 0));
  }
  await storage.outbound.markSent(sequences.slice(0, marked));
  return storage;
}

async function returned(storage: Storage): Promise<string[]> {
  const errors = await storage.offline.read(romeo, 0, 100);
  return errors.map(
    ({ stanza }) => `${/id='(\d+)'/.exec(stanza)?.[1] ?? ""} ${/\(([a-z-]+)\)/.exec(stanza)?.[1] ?? ""}`,
  );
}

test("what waited goes first, in order, before anything new", async (t) => {
  const storage = await leftBehind([1, 2, 3]);
  const mantua = await Mantua.begin(t, "", storage);
  mantua.sends(letter(4));
  assert.equal(mantua.attempts.length, 1); // it did not wait for something new
  const verona = new OtherServer();
  mantua.reaches(verona);
  await mantua.settles();
  assert.deepEqual(verona.ids, ["1", "2", "3", "4"]);
  verona.acknowledges(4);
  await mantua.settles();
  assert.deepEqual(await storage.outbound.read(0, 100), []);
  assert.deepEqual(await returned(storage), []);
});

test("what may have arrived or not comes back, though its sender is not there", async (t) => {
  const storage = await leftBehind([1, 2, 3], 2);
  const mantua = await Mantua.begin(t, "", storage);
  assert.deepEqual(await returned(storage), ["1 fate-unknown", "2 fate-unknown"]);
  const { waiting } = mantua.federation.pair("mantua.example", "verona.example");
  assert.deepEqual([waiting.length, waiting.first(1)[0]?.id], [1, "3"]);
  await mantua.settles();
  assert.equal((await storage.outbound.read(0, 100)).length, 1);
  const restored = mantua.log.find(({ event }) => event === "s2s-queues-restored");
  assert.deepEqual([restored?.["restored"], restored?.["returned"]], [1, 2]);
});

test("what must not go any more comes back", async (t) => {
  const storage = await leftBehind([1]);
  const mantua = await Mantua.begin(t, "[hosts.'mantua.example'.federation]\nblock = ['verona.example']\n", storage);
  assert.deepEqual(await returned(storage), ["1 domain-blocked"]);
  assert.equal(mantua.attempts.length, 0);
});

test("what finds no room comes back", async (t) => {
  const storage = await leftBehind([1, 2, 3]);
  const mantua = await Mantua.begin(t, "[servers]\nqueue_stanzas = 2\n", storage);
  assert.deepEqual(await returned(storage), ["3 queue-full"]);
  assert.equal(mantua.federation.pair("mantua.example", "verona.example").waiting.length, 2);
});

test("a letter of a sender who is no more is dropped", async (t) => {
  const storage = await leftBehind([1], 1);
  await storage.accounts.remove(romeo);
  await Mantua.begin(t, "", storage);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await storage.outbound.read(0, 100), []);
});

test("a start without anything to restore says nothing", async (t) => {
  const mantua = await Mantua.begin(t);
  assert.deepEqual(mantua.log, []);
});
