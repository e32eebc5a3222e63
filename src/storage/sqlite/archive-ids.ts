// Finds the number by which the tables name an archive.
import type { Database, Statement } from "better-sqlite3";

type Key = [host: string, store: string, owner: string];

export class ArchiveIds {
  readonly #select: Statement<Key, number>;
  readonly #insert: Statement<Key>;
  readonly #delete: Statement<Key>;

  constructor(database: Database) {
    const place = "host = ? AND store = ? AND owner = ?";
    this.#select = database.prepare<Key, number>(`SELECT id FROM archives WHERE ${place}`).pluck();
    this.#insert = database.prepare("INSERT INTO archives (host, store, owner) VALUES (?, ?, ?)");
    this.#delete = database.prepare(`DELETE FROM archives WHERE ${place}`);
  }

  find(...key: Key): number | undefined {
    return this.#select.get(...key);
  }

  create(...key: Key): number {
    return Number(this.#insert.run(...key).lastInsertRowid);
  }

  /** With all its messages. */
  remove(...key: Key): void {
    this.#delete.run(...key);
  }
}
