// The SQLite driver, synchronous: a transaction a batch, a savepoint an operation.
import SqliteDatabase, { type Database } from "better-sqlite3";
import type { Engine, Operations } from "../engine.js";
import { messageOf, StorageError } from "../storage-error.js";
import { accountOperations } from "./account-operations.js";
import { AccountIds } from "./account-ids.js";
import { archiveOperations } from "./archive-operations.js";
import { hostCollectionOperations } from "./collection-operations.js";
import { offlineOperations } from "./offline-operations.js";
import { closeDatabase } from "./open-database.js";
import { outboundOperations } from "./outbound-operations.js";
import { rosterOperations } from "./roster-operations.js";
import { hostValueOperations, userValueOperations } from "./value-operations.js";

/** Errors of the one statement; after any other the database can't be trusted to go on (https://sqlite.org/rescode.html). */
const refusals = /^SQLITE_(CONSTRAINT|TOOBIG|MISMATCH|RANGE|ERROR)/;

export class SqliteEngine implements Engine {
  readonly operations: Operations;
  readonly #database: Database;
  readonly #steps: Readonly<Record<"begin" | "commit" | "savepoint" | "release" | "undo", { run(): unknown }>>;

  /** The database is open and migrated; the engine closes it. */
  constructor(database: Database) {
    const ids = new AccountIds(database);
    this.#database = database;
    this.#steps = {
      begin: database.prepare("BEGIN"),
      commit: database.prepare("COMMIT"),
      savepoint: database.prepare("SAVEPOINT operation"),
      release: database.prepare("RELEASE operation"),
      undo: database.prepare("ROLLBACK TO operation"),
    };
    this.operations = {
      ...accountOperations(database),
      ...rosterOperations(database, ids),
      ...offlineOperations(database, ids),
      ...outboundOperations(database),
      ...userValueOperations(database, ids),
      ...hostValueOperations(database),
      ...hostCollectionOperations(database),
      ...archiveOperations(database),
    };
  }

  begin(): void {
    this.#steps.begin.run();
  }

  commit(): void {
    this.#steps.commit.run();
  }

  rollback(): void {
    if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
  }

  attempt<T>(operation: () => T): T {
    this.#steps.savepoint.run();
    try {
      const result = operation();
      this.#steps.release.run();
      return result;
    } catch (thrown) {
      throw this.#undo(thrown);
    }
  }

  close(): void {
    closeDatabase(this.#database);
  }

  #undo(thrown: unknown): StorageError {
    const isLost = thrown instanceof SqliteDatabase.SqliteError && !refusals.test(thrown.code);
    if (isLost || !this.#database.inTransaction) return asError("failed", thrown);
    this.#steps.undo.run();
    this.#steps.release.run();
    return thrown instanceof StorageError ? thrown : asError("refused", thrown);
  }
}

function asError(code: "failed" | "refused", thrown: unknown): StorageError {
  return new StorageError(code, messageOf(thrown), { cause: thrown });
}
