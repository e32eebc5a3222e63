// What a batch in SQLite undoes: the one operation that can't be done, or everything when the disk refuses.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { Database } from "better-sqlite3";
import { runBatch } from "../../../src/storage/batch.js";
import { inThisThread } from "../../../src/storage/memory/memory-storage.js";
import { QueuedStorage } from "../../../src/storage/queued-storage.js";
import { closeDatabase, openDatabase } from "../../../src/storage/sqlite/open-database.js";
import { SqliteEngine } from "../../../src/storage/sqlite/sqlite-engine.js";
import { juliet, line, romeo, roomy } from "../people.js";
import { dataFolder, type DataFolder } from "./data-folder.js";

const verona = romeo.host;

describe("a batch in SQLite", () => {
  let folder: DataFolder;
  let database: Database;
  let engine: SqliteEngine;
  beforeEach(() => {
    folder = dataFolder();
    database = openDatabase(folder.path, 0);
    engine = new SqliteEngine(database);
    runBatch(engine, ["accounts.create", verona, "juliet", "{}", 0, 0]);
  });
  afterEach(() => {
    closeDatabase(database);
    folder.remove();
  });

  const messages = () => engine.operations["offline.read"](verona, "juliet", 0, 100).map(([, stanza]) => stanza);
  const append = (stanza: unknown) => ["offline.append", verona, "juliet", stanza, 1, 100, 1_000_000];

  test("an operation that can't be done is undone alone", () => {
    // The message goes in, the totals can't be counted: half of the operation is done when it fails.
    database.exec(
      "CREATE TRIGGER fail BEFORE UPDATE ON offline_totals WHEN new.messages = 2 BEGIN SELECT raise(FAIL, 'no'); END",
    );
    const outcome = runBatch(engine, [
      ...append("one"),
      ...append("two"),
      ...append({}),
      "offline.count",
      verona,
      "juliet",
    ]);
    assert.deepEqual(outcome.results, [true, undefined, undefined, 1]);
    assert.deepEqual(
      outcome.refusals.map(([index, code]) => [index, code]),
      [
        [1, "refused"],
        [2, "refused"],
      ],
    );
    assert.deepEqual(messages(), ["one"]);
  });

  test("a trigger or constraint that rolls back the transaction fails the whole batch", () => {
    database.exec("CREATE TRIGGER fail BEFORE INSERT ON host_values BEGIN SELECT raise(ROLLBACK, 'all is lost'); END");
    const calls = [...append("one"), "hostValues.set", verona, "s", "n", "v", ...append("two")];
    assert.throws(() => runBatch(engine, calls), { name: "StorageError", code: "failed", message: "all is lost" });
    assert.deepEqual(messages(), []);
  });

  test("a full disk fails the whole batch, rejects what waits, and is told", async () => {
    const storage = new QueuedStorage(inThisThread(engine));
    const heard: string[] = [];
    storage.onFailure(({ code, message }) => heard.push(`${code}: ${message}`));
    assert.equal(await storage.offline.append(juliet, line("while there is room"), 1, roomy), true);
    const pages = Number(database.pragma("page_count", { simple: true }));
    database.pragma(`max_page_count = ${pages + 2}`);
    const calls = ["short", "x".repeat(20_000), "short too"].map((stanza) =>
      storage.offline.append(juliet, stanza, 1, roomy),
    );
    for (const call of calls) await assert.rejects(call, { code: "failed" });
    await assert.rejects(storage.offline.count(juliet), { code: "failed" });
    assert.deepEqual(heard, ["failed: database or disk is full"]);
    assert.deepEqual(messages(), [line("while there is room")]);
  });

  test("commits wait for the disk", () => {
    assert.equal(database.pragma("synchronous", { simple: true }), 2);
    assert.equal(database.pragma("journal_mode", { simple: true }), "wal");
    assert.equal(database.pragma("foreign_keys", { simple: true }), 1);
  });
});
