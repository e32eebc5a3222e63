// Named collections of extensions' values for a host, in SQLite.
import type { Database } from "better-sqlite3";
import type { EntryRow, OperationsOf } from "../engine.js";

type Key = [host: string, store: string, collection: string];

export function hostCollectionOperations(database: Database): OperationsOf<"hostCollections"> {
  const collected = "FROM host_collections WHERE host = ? AND store = ? AND collection = ?";
  const get = database.prepare<[...Key, string], string>(`SELECT value ${collected} AND name = ?`).pluck();
  const set = database.prepare<[...Key, string, string]>(
    "INSERT OR REPLACE INTO host_collections (host, store, collection, name, value) VALUES (?, ?, ?, ?, ?)",
  );
  const remove = database.prepare<[...Key, string]>(`DELETE ${collected} AND name = ?`);
  const entries = database.prepare<Key, EntryRow>(`SELECT name, value ${collected} ORDER BY name`).raw();
  const clear = database.prepare<Key>(`DELETE ${collected}`);
  return {
    "hostCollections.get": (...cells) => get.get(...cells),
    "hostCollections.set": (...cells) => {
      set.run(...cells);
    },
    "hostCollections.remove": (...cells) => {
      remove.run(...cells);
    },
    "hostCollections.entries": (...cells) => entries.all(...cells),
    "hostCollections.clear": (...cells) => {
      clear.run(...cells);
    },
  };
}
