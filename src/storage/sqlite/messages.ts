// What the server's thread and the storage thread say to each other.
import type { BatchOutcome, Calls } from "../batch.js";
import type { StorageErrorCode } from "../storage-error.js";

/** Given to the worker at its start. */
export interface WorkerStart {
  /** The database file. */
  readonly path: string;
  /** Milliseconds to wait for another process that has it open. */
  readonly lockPatience: number;
}

/** To the worker: a batch, or null to close and end. */
export type ToWorker = Calls | null;

/** From the worker: opened, the answer to a batch, or why there will be none: then the worker ends. */
export type FromWorker =
  | { readonly kind: "open" }
  | ({ readonly kind: "outcome" } & BatchOutcome)
  | { readonly kind: "failure"; readonly code: StorageErrorCode; readonly message: string };
