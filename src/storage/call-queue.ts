// Gathers the calls of one event-loop turn, or of the time a commit takes, into one batch and settles their promises.
import type { BatchOutcome, Calls } from "./batch.js";
import type { OperationName, Operations } from "./engine.js";
import { messageOf, StorageError } from "./storage-error.js";
import type { FailureListener } from "./storage.js";

/** Where batches run; it is handed one at a time. */
export interface BatchRunner {
  /** Rejects when the storage has failed for good; then nothing of the batch counts as done. */
  run(calls: Calls): Promise<BatchOutcome>;
  /** Tells of a failure that happens between batches. */
  onFailure(listener: FailureListener): void;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: StorageError) => void;
}

interface Batch {
  readonly calls: unknown[];
  readonly waiting: Waiting[];
}

/**
 * Calls in one transaction, which bounds how long a read waits behind writes. More only where some belong together that the
 * last of these are among.
 */
const mostCallsOfBatch = 1000;

// Taken once, so that a test that mocks timers later does not stop the storage.
const afterThisTurn = setImmediate;

export class CallQueue {
  readonly #runner: BatchRunner;
  readonly #batches: Batch[] = [];
  readonly #listeners: FailureListener[] = [];
  #running: Batch | undefined;
  #isBusy = false;
  #waitingCalls = 0;
  /** Where the calls go that are to stay together, once one was made. */
  #unit: { batch: Batch | undefined } | undefined;
  #end: StorageError | undefined;
  #failure: StorageError | undefined;
  #idle: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(runner: BatchRunner) {
    this.#runner = runner;
    runner.onFailure((failure) => this.#fail(failure));
  }

  /** Calls that are not settled yet. */
  get waitingCalls(): number {
    return this.#waitingCalls;
  }

  call<N extends OperationName>(name: N, ...cells: Parameters<Operations[N]>): Promise<ReturnType<Operations[N]>> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) return reject(this.#end);
      const batch = this.#unit?.batch ?? this.#openBatch();
      if (this.#unit !== undefined) this.#unit.batch = batch;
      batch.calls.push(name, ...cells);
      // The engine's operation of this name made the result: its type is the one promised here.
      batch.waiting.push({ resolve: (result) => resolve(result as ReturnType<Operations[N]>), reject });
      this.#waitingCalls += 1;
    });
  }

  /** All that `job` calls before it returns is in one batch. */
  together<T>(job: () => T): T {
    if (this.#unit !== undefined) return job();
    this.#unit = { batch: undefined };
    try {
      return job();
    } finally {
      this.#unit = undefined;
    }
  }

  onFailure(listener: FailureListener): void {
    if (this.#failure !== undefined) listener(this.#failure);
    else this.#listeners.push(listener);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#end ??= new StorageError("closed", "The storage is closed.");
    if (this.#waitingCalls > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    await this.#runner.close();
  }

  /** The last batch while it has room; a new one waits for the end of the turn, or for the batch that is running. */
  #openBatch(): Batch {
    const last = this.#batches.at(-1);
    if (last !== undefined && last.waiting.length < mostCallsOfBatch) return last;
    const batch: Batch = { calls: [], waiting: [] };
    if (this.#batches.push(batch) === 1 && !this.#isBusy) this.#runAfterThisTurn();
    return batch;
  }

  #runAfterThisTurn(): void {
    this.#isBusy = true;
    afterThisTurn(() => this.#runNext());
  }

  #runNext(): void {
    const batch = (this.#running = this.#batches.shift());
    this.#isBusy = batch !== undefined;
    if (batch === undefined) return this.#idle?.();
    this.#runner.run(batch.calls).then(
      (outcome) => this.#settle(batch, outcome),
      (thrown: unknown) => this.#fail(asFailure(thrown)),
    );
  }

  #settle(batch: Batch, { results, refusals }: BatchOutcome): void {
    // The storage failed before this answer came: its calls are rejected already.
    if (this.#running !== batch) return;
    const refused = new Map(refusals.map(([index, code, message]) => [index, new StorageError(code, message)]));
    this.#waitingCalls -= batch.waiting.length;
    batch.waiting.forEach(({ resolve, reject }, index) => {
      const error = refused.get(index);
      if (error === undefined) resolve(results[index]);
      else reject(error);
    });
    this.#runNext();
  }

  /** Rejects all that waits, now and later, then tells the listeners. */
  #fail(failure: StorageError): void {
    if (this.#failure !== undefined) return;
    this.#failure = this.#end = failure;
    const lost = [...(this.#running?.waiting ?? []), ...this.#batches.flatMap(({ waiting }) => waiting)];
    this.#running = undefined;
    this.#batches.length = this.#waitingCalls = 0;
    for (const { reject } of lost) reject(failure);
    for (const listener of this.#listeners) listener(failure);
    this.#idle?.();
  }
}

function asFailure(thrown: unknown): StorageError {
  return thrown instanceof StorageError ? thrown : new StorageError("failed", messageOf(thrown), { cause: thrown });
}
