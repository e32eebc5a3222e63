// What storage refuses or fails with, told apart by a code.

/**
 * `no-account`: the account written to does not exist. `refused`: this one operation could not be done, others can.
 * `failed`: the storage has stopped for good. `closed`: called after close(). `in-use`: another process has the database
 * open. `too-new`: the database was written by a newer program. `unreadable`: it holds what this program can't read.
 * `not-found`: what the call starts from is not there.
 */
export type StorageErrorCode = (typeof codes)[number];

const codes = ["no-account", "refused", "failed", "closed", "in-use", "too-new", "unreadable", "not-found"] as const;

/** The message is a plain sentence, fit to be shown to the operator. */
export class StorageError extends Error {
  override readonly name = "StorageError";

  constructor(
    readonly code: StorageErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** True for the codes above: they come back from a worker thread as mere text. */
export function isStorageErrorCode(text: string): text is StorageErrorCode {
  return codes.some((code) => code === text);
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
