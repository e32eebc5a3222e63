// Whatever is asked of them, in whatever order, the drivers answer alike.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runBatch } from "../../src/storage/batch.js";
import type { Engine, OperationName, Operations } from "../../src/storage/engine.js";
import { MemoryEngine } from "../../src/storage/memory/memory-engine.js";
import { openDatabase } from "../../src/storage/sqlite/open-database.js";
import { SqliteEngine } from "../../src/storage/sqlite/sqlite-engine.js";
import { dataFolder } from "./sqlite/data-folder.js";

type Call = readonly [OperationName, ...unknown[]];

const host = fc.constantFrom("verona.example", "mantua.example");
const user = fc.constantFrom("romeo", "juliet", "♥");
const text = fc.constantFrom("", "a", "♥", "\u{1f940}", "\uff5e", 'O\'Hara "x"', "__proto__");
const store = fc.constantFrom("blocklist", "push");
const number = fc.integer({ min: 0, max: 12 });
const flag = fc.constantFrom(0, 1);
const subscription = fc.constantFrom("none", "to", "from", "both");

/** Of an archive. */
const archiveKey = [fc.constant("verona.example"), fc.constant("history"), fc.constantFrom("ball", "♥")] as const;

/** RangeCells. */
const range = [
  fc.option(text, { freq: 2 }),
  fc.option(text, { freq: 2 }),
  fc.oneof(number, fc.constant(-Infinity)),
  fc.oneof(number, fc.constant(Infinity)),
  text,
] as const;

/** Arguments after host and user, for operations on an account. */
const ofAccount: { readonly [N in OperationName]?: readonly fc.Arbitrary<unknown>[] } = {
  "accounts.get": [],
  "accounts.create": [text, flag, number],
  "accounts.setCredentials": [text],
  "accounts.setDisabled": [flag],
  "accounts.remove": [],
  "accounts.load": [fc.subarray(["blocklist", "push"])],
  "roster.put": [text, text, subscription, flag, flag, text, number],
  "roster.remove": [text, number],
  "roster.putRequest": [text, text],
  "roster.removeRequest": [text],
  "offline.append": [text, number, number, number],
  "offline.read": [number, number],
  "offline.removeThrough": [number],
  "offline.count": [],
  "userValues.get": [store, text],
  "userValues.set": [store, text, text],
  "userValues.remove": [store, text],
  "userValues.entries": [store],
};

/** Arguments after host. */
const ofHost: { readonly [N in OperationName]?: readonly fc.Arbitrary<unknown>[] } = {
  "accounts.list": [text, number],
  "hostValues.get": [store, text],
  "hostValues.set": [store, text, text],
  "hostValues.remove": [store, text],
  "hostValues.entries": [store],
  "hostValues.page": [store, text, number],
  "hostCollections.get": [store, user, text],
  "hostCollections.set": [store, user, text, text],
  "hostCollections.remove": [store, user, text],
  "hostCollections.entries": [store, user],
  "hostCollections.clear": [store, user],
};

/** Arguments after host, store and owner. */
const ofArchive: { readonly [N in OperationName]?: readonly fc.Arbitrary<unknown>[] } = {
  "archive.append": [text, number, text, text],
  "archive.first": [number, ...range],
  "archive.last": [number, ...range],
  "archive.get": [text],
  "archive.replace": [text, text],
  "archive.count": [...range],
  "archive.trim": [fc.oneof(number, fc.constant(Infinity)), fc.oneof(number, fc.constant(-Infinity))],
  "archive.clear": [],
};

/** Arguments of operations on what belongs to no host alone. */
const ofServer: { readonly [N in OperationName]?: readonly fc.Arbitrary<unknown>[] } = {
  "offline.appendToAll": [host, fc.uniqueArray(user), text, number, number, number],
  "outbound.append": [host, host, text, number],
  "outbound.markSent": [fc.array(number, { maxLength: 5 }), flag],
  "outbound.remove": [fc.array(number, { maxLength: 5 })],
  "outbound.read": [number, number],
};

const call: fc.Arbitrary<Call> = fc.oneof(
  ...Object.entries(ofAccount).map(([name, cells]) => callOf(name as keyof Operations, [host, user, ...cells])),
  ...Object.entries(ofHost).map(([name, cells]) => callOf(name as keyof Operations, [host, ...cells])),
  ...Object.entries(ofServer).map(([name, cells]) => callOf(name as keyof Operations, cells)),
);

/** On two archives, so that they have something in them. */
const archiveCall: fc.Arbitrary<Call> = fc.oneof(
  { weight: 6, arbitrary: callOf("archive.append", [...archiveKey, ...(ofArchive["archive.append"] ?? [])]) },
  ...Object.entries(ofArchive).map(([name, cells]) => callOf(name as keyof Operations, [...archiveKey, ...cells])),
);

function callOf(name: OperationName, cells: readonly fc.Arbitrary<unknown>[]): fc.Arbitrary<Call> {
  return fc.tuple(...cells).map((drawn) => [name, ...drawn] as const);
}

/** Without accounts most calls find nothing: they are there from the start, and may be removed and created again. */
const founding = [
  "accounts.create",
  "verona.example",
  "romeo",
  "{}",
  0,
  0,
  "accounts.create",
  "verona.example",
  "♥",
  "{}",
  1,
  5,
];

test("memory and SQLite give the same results and refusals", () => assertAgreement(call));

test("memory and SQLite give the same results and refusals of archives", () => assertAgreement(archiveCall));

function assertAgreement(calls: fc.Arbitrary<Call>): void {
  const folder = dataFolder();
  const database = openDatabase(folder.path, 0);
  database.pragma("synchronous = OFF");
  const sqlite = new SqliteEngine(database);
  const batches = fc.array(fc.array(calls, { maxLength: 40 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(batches, (drawn) => {
      database.exec(
        "DELETE FROM accounts; DELETE FROM host_values; DELETE FROM outbound_stanzas; DELETE FROM sqlite_sequence; " +
          "DELETE FROM host_collections; DELETE FROM archives",
      );
      const memory = new MemoryEngine();
      for (const batch of [founding, ...drawn.map((drawnCalls) => drawnCalls.flat(1))])
        assertAlike(sqlite, memory, batch);
    }),
    { numRuns: 300 },
  );
  sqlite.close();
  folder.remove();
}

function assertAlike(one: Engine, other: Engine, calls: readonly unknown[]): void {
  assert.deepEqual(runBatch(one, calls), runBatch(other, calls));
}
