// Storage in memory, for tests: promises settle as late and in the same order as with a database, but nothing is kept.
import { runBatch } from "../batch.js";
import type { BatchRunner } from "../call-queue.js";
import type { Engine } from "../engine.js";
import { QueuedStorage } from "../queued-storage.js";
import type { Storage } from "../storage.js";
import { MemoryEngine } from "./memory-engine.js";

/** An empty storage. */
export function memoryStorage(): Storage {
  return new QueuedStorage(inThisThread(new MemoryEngine()));
}

/** Runs batches in the calling thread. */
export function inThisThread(engine: Engine): BatchRunner {
  return {
    run: async (calls) => runBatch(engine, calls),
    onFailure: () => undefined,
    close: async () => engine.close(),
  };
}
