// Measures the CPU time, over all threads, that storing one offline message costs, by how many are stored at once.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { sqliteStorage } from "../../src/storage/sqlite/sqlite-storage.js";
import type { Storage } from "../../src/storage/storage.js";

const host = "verona.example";
const accounts = 200;
const quota = { messages: 1_000_000, bytes: 1_000_000_000 };
const stanza =
  "<message xmlns='jabber:client' to='juliet@verona.example' from='romeo@verona.example/orchard' type='chat' id='b4cd3f'>" +
  `<body>${"x".repeat(200)}</body></message>`;

/** Stores `messages` in turns of `atOnce`, each turn after the former is on disk; microseconds for each message. */
async function measure(storage: Storage, messages: number, atOnce: number): Promise<string> {
  const before = process.cpuUsage();
  const start = performance.now();
  for (let sent = 0; sent < messages; sent += atOnce) await storeAtOnce(storage, sent, atOnce);
  const { user, system } = process.cpuUsage(before);
  const cpu = ((user + system) / messages).toFixed(1);
  const time = (((performance.now() - start) * 1000) / messages).toFixed(1);
  return `${atOnce} at once: ${cpu} µs CPU (${(system / messages).toFixed(1)} of it in the kernel), ${time} µs passed`;
}

async function storeAtOnce(storage: Storage, from: number, count: number): Promise<void> {
  const calls: Promise<boolean>[] = [];
  for (let index = from; index < from + count; index += 1) {
    const user = `user${index % accounts}`;
    calls.push(storage.offline.append({ host, user }, stanza, 1_600_000_000_000, quota));
  }
  await Promise.all(calls);
  await setImmediate();
}

const folder = mkdtempSync(join(tmpdir(), "rookery-bench-"));
const storage = await sqliteStorage(join(folder, "rookery.db"));
for (let index = 0; index < accounts; index += 1) {
  const credentials = { bcrypt: "x".repeat(400) };
  await storage.accounts.create({ host, user: `user${index}`, credentials, isDisabled: false, createdAt: 0 });
}
await measure(storage, 5_000, 50);
for (const atOnce of [1, 10, 50, 200, 1000]) {
  console.log(await measure(storage, Math.min(40_000, atOnce * 2_000), atOnce));
}
await storage.close();
rmSync(folder, { recursive: true });
