// Finds the number by which the tables name an account.
import type { Database, Statement } from "better-sqlite3";
import { noAccountSentence } from "../engine.js";
import { StorageError } from "../storage-error.js";

export class AccountIds {
  readonly #select: Statement<[host: string, user: string], number>;

  constructor(database: Database) {
    this.#select = database
      .prepare<[string, string], number>("SELECT id FROM accounts WHERE host = ? AND user = ?")
      .pluck();
  }

  find(host: string, user: string): number | undefined {
    return this.#select.get(host, user);
  }

  /** Throws a StorageError "no-account". */
  demand(host: string, user: string): number {
    const id = this.find(host, user);
    if (id === undefined) throw new StorageError("no-account", noAccountSentence);
    return id;
  }
}
