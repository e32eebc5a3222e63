// Hands batches to the storage thread and hears its answers, or that it is no more.
import type { Worker } from "node:worker_threads";
import type { BatchOutcome, Calls } from "../batch.js";
import type { BatchRunner } from "../call-queue.js";
import { messageOf, StorageError } from "../storage-error.js";
import type { FailureListener } from "../storage.js";
import type { FromWorker, ToWorker } from "./messages.js";

interface Settler<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (failure: StorageError) => void;
}

export class WorkerRunner implements BatchRunner {
  /** Resolves when the database is open. */
  readonly opened: Promise<void>;
  readonly #worker: Worker;
  readonly #ended: Promise<unknown>;
  readonly #listeners: FailureListener[] = [];
  #opening: Settler<void> | undefined;
  #running: Settler<BatchOutcome> | undefined;
  #end: StorageError | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.opened = new Promise((resolve, reject) => (this.#opening = { resolve, reject }));
    this.#ended = new Promise((resolve) => worker.once("exit", resolve));
    worker.on("message", (message: FromWorker) => this.#hear(message));
    worker.on("messageerror", (error) => this.#fail(ended(messageOf(error))));
    worker.on("error", (error) => this.#fail(ended(messageOf(error))));
    worker.on("exit", (code) => this.#fail(ended(`exit code ${code}`)));
  }

  run(calls: Calls): Promise<BatchOutcome> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) return reject(this.#end);
      this.#running = { resolve, reject };
      // Only what is under way keeps the process alive: what resolved is on disk already.
      this.#worker.ref();
      this.#post(calls);
    });
  }

  onFailure(listener: FailureListener): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#end ??= new StorageError("closed", "The storage is closed.");
    this.#worker.ref();
    this.#post(null);
    await this.#ended;
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromWorker): void {
    if (message.kind === "failure") return this.#fail(new StorageError(message.code, message.message));
    this.#worker.unref();
    if (message.kind === "open") this.#opening?.resolve();
    else this.#running?.resolve(message);
  }

  /** Once; an exit after close() is none. */
  #fail(failure: StorageError): void {
    if (this.#end !== undefined) return;
    this.#end = failure;
    this.#opening?.reject(failure);
    this.#running?.reject(failure);
    for (const listener of this.#listeners) listener(failure);
  }
}

function ended(why: string): StorageError {
  return new StorageError("failed", `The storage thread ended unexpectedly: ${why}.`);
}
