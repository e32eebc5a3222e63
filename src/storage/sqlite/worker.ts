// The storage thread: opens the database, runs the batches that it is handed, closes.
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { runBatch } from "../batch.js";
import { messageOf, StorageError } from "../storage-error.js";
import type { FromWorker, ToWorker, WorkerStart } from "./messages.js";
import { openDatabase } from "./open-database.js";
import { SqliteEngine } from "./sqlite-engine.js";

function serve(port: MessagePort, { path, lockPatience }: WorkerStart): void {
  const speaker = new Speaker(port);
  speaker.guard(() => {
    const engine = new SqliteEngine(openDatabase(path, lockPatience));
    port.on("message", (calls: ToWorker) => speaker.guard(() => answer(engine, calls, speaker)));
    speaker.say({ kind: "open" });
  });
}

function answer(engine: SqliteEngine, calls: ToWorker, speaker: Speaker): void {
  if (calls !== null) return speaker.say({ kind: "outcome", ...runBatch(engine, calls) });
  engine.close();
  speaker.end();
}

class Speaker {
  constructor(private readonly port: MessagePort) {}

  say(message: FromWorker): void {
    this.port.postMessage(message);
  }

  /** Does it, or says why it failed and ends the thread; the system then gives the database free. */
  guard(action: () => void): void {
    try {
      action();
    } catch (thrown) {
      const code = thrown instanceof StorageError ? thrown.code : "failed";
      this.say({ kind: "failure", code, message: messageOf(thrown) });
      this.end();
    }
  }

  end(): void {
    this.port.close();
  }
}

if (parentPort !== null) serve(parentPort, workerData as WorkerStart);
