// One process at a time has the database open, and only its owner can read it.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sqliteStorage, startWorker } from "../../../src/storage/sqlite/sqlite-storage.js";
import { WorkerRunner } from "../../../src/storage/sqlite/worker-runner.js";
import { romeo } from "../people.js";
import { dataFolder, type DataFolder } from "./data-folder.js";
import { startScribe } from "./scribe.js";

const atOnce = { lockPatience: 0 };

describe("the database file", () => {
  let folder: DataFolder;
  beforeEach(() => {
    folder = dataFolder();
  });
  afterEach(() => folder.remove());

  test("a second one to open it is told which process has it, until that one closes", async () => {
    const first = await sqliteStorage(folder.path);
    await assert.rejects(sqliteStorage(folder.path, atOnce), {
      name: "StorageError",
      code: "in-use",
      message: `The database ${folder.path} is in use by process ${process.pid}. Stop that one first.`,
    });
    assert.equal(await first.accounts.create(romeo), true);
    await first.close();
    const second = await sqliteStorage(folder.path, atOnce);
    assert.deepEqual(await second.accounts.get(romeo), romeo);
    await second.close();
    assert.deepEqual(readdirSync(dirname(folder.path)), ["rookery.db"]);
  });

  test("another process keeps it locked until it is killed", async (context) => {
    const scribe = startScribe(folder.path);
    context.after(() => scribe.kill());
    await scribe.wrote(1);
    await assert.rejects(sqliteStorage(folder.path, atOnce), {
      code: "in-use",
      message: new RegExp(`is in use by process ${scribe.pid}\\.`),
    });
    await scribe.kill();
    const storage = await sqliteStorage(folder.path, atOnce);
    await storage.close();
  });

  test("who waits gets it when the other lets go", async () => {
    const first = await sqliteStorage(folder.path);
    const second = sqliteStorage(folder.path, { lockPatience: 10_000 });
    await first.close();
    await (await second).close();
  });

  test("its files are for their owner alone, also those that others had made readable", async () => {
    mkdirSync(dirname(folder.path));
    writeFileSync(folder.path, "");
    chmodSync(folder.path, 0o644);
    const storage = await sqliteStorage(folder.path);
    await storage.accounts.create(romeo);
    const files = readdirSync(dirname(folder.path));
    assert.deepEqual(files.sort(), ["rookery.db", "rookery.db-wal", "rookery.db.pid"]);
    for (const file of files) assert.equal(statSync(join(dirname(folder.path), file)).mode & 0o777, 0o600, file);
    await storage.close();
  });

  test("a folder that it makes is its owner's", async () => {
    await (await sqliteStorage(folder.path)).close();
    assert.equal(statSync(dirname(folder.path)).mode & 0o777, 0o700);
  });

  test("what is no database is refused", async () => {
    mkdirSync(dirname(folder.path));
    writeFileSync(
      folder.path,
      "Two households, both alike in dignity, in fair Verona, where we lay our scene.".repeat(20),
    );
    await assert.rejects(sqliteStorage(folder.path), {
      code: "failed",
      message: /can't be opened: file is not a database/,
    });
  });

  test("a path where nothing can be made is refused", async () => {
    writeFileSync(dirname(folder.path), "");
    await assert.rejects(sqliteStorage(folder.path), { name: "StorageError", code: "failed" });
    assert.equal(existsSync(folder.path), false);
  });

  test("when the thread dies, its database is free again and the failure is told", async () => {
    const worker = startWorker({ path: folder.path, lockPatience: 0 });
    const runner = new WorkerRunner(worker);
    await runner.opened;
    const heard: string[] = [];
    runner.onFailure(({ code, message }) => heard.push(`${code}: ${message}`));
    const running = runner.run(["accounts.create", romeo.host, "romeo", "{}", 0, 0]);
    const terminated = worker.terminate();
    await assert.rejects(running, { code: "failed", message: /^The storage thread ended unexpectedly/ });
    await terminated;
    await assert.rejects(runner.run([]), { code: "failed" });
    assert.equal(heard.length, 1);
    await runner.close();
    await (await sqliteStorage(folder.path, atOnce)).close();
  });

  test("when a batch fails in the thread, the thread ends and its database is free again", async () => {
    const runner = new WorkerRunner(startWorker({ path: folder.path, lockPatience: 0 }));
    await runner.opened;
    const half = ["accounts.create", romeo.host, "romeo", "{}", 0, 0, "no such operation"];
    await assert.rejects(runner.run(half), { name: "StorageError", code: "failed" });
    await assert.rejects(runner.run([]), { code: "failed" });
    await runner.close();
    const storage = await sqliteStorage(folder.path, atOnce);
    assert.equal(await storage.accounts.get(romeo), undefined);
    await storage.close();
  });
});
