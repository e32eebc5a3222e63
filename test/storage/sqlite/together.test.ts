// What is stored together is there after a crash, wholly or not at all, also where one transaction has all that it takes.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { sqliteStorage } from "../../../src/storage/sqlite/sqlite-storage.js";
import { ball } from "../archives.js";
import { accountOf } from "../people.js";
import { dataFolder } from "./data-folder.js";

const friar = accountOf("laurence");
const edge = fileURLToPath(new URL("./edge-process.js", import.meta.url));

test("kill -9 does not part what is stored together", async (context) => {
  const folder = dataFolder();
  context.after(() => folder.remove());
  for (let round = 1; round <= 5; round += 1) {
    const [, signal] = (await once(fork(edge, [folder.path, String(round)]), "exit")) as [unknown, unknown];
    assert.equal(signal, "SIGKILL");
    const storage = await sqliteStorage(folder.path);
    const counts = [await storage.offline.count(friar), await storage.archive.count(ball, {})];
    await storage.close();
    assert.deepEqual(counts, [round, round]);
  }
});
