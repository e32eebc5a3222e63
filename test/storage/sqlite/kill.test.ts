// Killed at any moment and opened again, the database has all that was acknowledged, in order, once (ARCHITECTURE §6).
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Storage } from "../../../src/storage/storage.js";
import { sqliteStorage } from "../../../src/storage/sqlite/sqlite-storage.js";
import { ball, saying } from "../archives.js";
import { accountOf } from "../people.js";
import { dataFolder } from "./data-folder.js";
import { startScribe, type Acknowledged } from "./scribe.js";

const friar = accountOf("laurence");

test("what a killed process had acknowledged is there, in order, once", async (context) => {
  const folder = dataFolder();
  context.after(() => folder.remove());
  let latest = 0;
  for (const messages of [1, 2, 30, 137, 500, 1500]) {
    const scribe = startScribe(folder.path);
    context.after(() => scribe.kill());
    await scribe.wrote(messages);
    const acknowledged = await scribe.kill();
    const storage = await sqliteStorage(folder.path);
    await assertMessages(storage, acknowledged);
    await assertArchive(storage, acknowledged);
    await assertRoster(storage, acknowledged);
    latest = await assertOutbound(storage, acknowledged, latest);
    await storage.close();
  }
});

/** Messages are numbered through all processes; those that were stored but not acknowledged are the last ones. */
async function assertMessages(storage: Storage, acknowledged: readonly Acknowledged[]): Promise<void> {
  const stored = (await storage.offline.read(friar, 0, 1_000_000)).map(({ stanza }) => Number(stanza));
  assert.deepEqual(stored, [...stored.keys()]);
  assert.equal(await storage.offline.count(friar), stored.length);
  const numbers = acknowledged.filter(([kind]) => kind === "message").map(([, number]) => number);
  const first = numbers[0] ?? assert.fail("nothing was acknowledged");
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => first + index),
  );
  assert.ok((numbers.at(-1) ?? 0) < stored.length);
}

/** Likewise, and every message is found by its id too. */
async function assertArchive({ archive }: Storage, acknowledged: readonly Acknowledged[]): Promise<void> {
  const stored = await archive.last(ball, 1_000_000, {});
  assert.deepEqual(
    stored,
    stored.map((_, number) => saying(String(number), number)),
  );
  const last = acknowledged.findLast(([kind]) => kind === "archived")?.[1] ?? -1;
  assert.ok(last < stored.length, `${last} was acknowledged, ${stored.length} are there`);
  const latest = stored.at(-1);
  if (latest !== undefined) assert.deepEqual(await archive.get(ball, latest.id), latest);
}

/** Version n of the roster has friend n % 20 at n: the last twenty versions, none of them torn. */
async function assertRoster(storage: Storage, acknowledged: readonly Acknowledged[]): Promise<void> {
  const state = (await storage.accounts.load(friar, [])) ?? assert.fail("the account is gone");
  const versions = state.roster.map(({ version }) => version).sort((one, other) => one - other);
  const { rosterVersion } = state;
  const expected = Array.from({ length: Math.min(20, rosterVersion) }, (_, index) => rosterVersion - index).reverse();
  assert.deepEqual(versions, expected);
  for (const { jid, version } of state.roster) assert.equal(jid, `friend${version % 20}@verona.example`);
  const last = acknowledged.findLast(([kind]) => kind === "roster")?.[1] ?? 0;
  assert.ok(last <= rosterVersion);
}

/** What waits is there until it goes, and marked if it was marked; numbers ascend through all processes. */
async function assertOutbound(
  storage: Storage,
  acknowledged: readonly Acknowledged[],
  latest: number,
): Promise<number> {
  const stored = new Map((await storage.outbound.read(0, 1_000_000)).map((record) => [record.sequence, record]));
  const numbers = (wanted: string): readonly number[] =>
    acknowledged.filter(([kind]) => kind === wanted).map(([, number]) => number);
  const [waiting, sent, gone] = [numbers("waiting"), numbers("sent"), numbers("gone")];
  for (const number of gone) assert.equal(stored.has(number), false, `${number} was removed`);
  for (const number of sent) assert.notEqual(stored.get(number)?.isSent, false, `${number} was marked`);
  // What was marked may have been removed without an acknowledgement of that.
  const mayBeGone = new Set(sent);
  for (const number of waiting) assert.ok(stored.has(number) || mayBeGone.has(number), `${number} is lost`);
  return waiting.reduce((last, number) => (assert.ok(number > last), number), latest);
}
