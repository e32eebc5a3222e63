// Storage in an SQLite file, which a thread of its own reads and writes.
import { Worker } from "node:worker_threads";
import { QueuedStorage } from "../queued-storage.js";
import type { Storage } from "../storage.js";
import type { WorkerStart } from "./messages.js";
import { WorkerRunner } from "./worker-runner.js";

export interface SqliteOptions {
  /** Milliseconds to wait for a process that has the database open: a command just done, a server that is stopping. */
  readonly lockPatience?: number;
}

/**
 * Opens the database file at this path, creating it and its folder if need be, for this process alone.
 * Rejects with a StorageError whose message is fit for the operator: "in-use", "too-new", "failed".
 */
export async function sqliteStorage(path: string, { lockPatience = 2000 }: SqliteOptions = {}): Promise<Storage> {
  const runner = new WorkerRunner(startWorker({ path, lockPatience }));
  await runner.opened;
  return new QueuedStorage(runner);
}

/** The storage thread, opening its database. */
export function startWorker(start: WorkerStart): Worker {
  return new Worker(new URL("./worker.js", import.meta.url), { workerData: start });
}
