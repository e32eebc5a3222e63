// Values of extensions in SQLite, by user and by host.
import type { Database } from "better-sqlite3";
import type { EntryRow, OperationsOf } from "../engine.js";
import type { AccountIds } from "./account-ids.js";

export function userValueOperations(database: Database, ids: AccountIds): OperationsOf<"userValues"> {
  const { get, set, remove, entries } = valueStatements<number>(database, "user_values", "account");
  return {
    "userValues.get": (host, user, store, name) => {
      const id = ids.find(host, user);
      return id === undefined ? undefined : get.get(id, store, name);
    },
    "userValues.set": (host, user, store, name, value) => {
      set.run(ids.demand(host, user), store, name, value);
    },
    "userValues.remove": (host, user, store, name) => {
      const id = ids.find(host, user);
      if (id !== undefined) remove.run(id, store, name);
    },
    "userValues.entries": (host, user, store) => {
      const id = ids.find(host, user);
      return id === undefined ? [] : entries.all(id, store);
    },
  };
}

export function hostValueOperations(database: Database): OperationsOf<"hostValues"> {
  const { get, set, remove, entries } = valueStatements<string>(database, "host_values", "host");
  const page = database
    .prepare<[string, string, string, number], EntryRow>(
      "SELECT name, value FROM host_values WHERE host = ? AND store = ? AND name > ? ORDER BY name LIMIT ?",
    )
    .raw();
  return {
    "hostValues.get": (host, store, name) => get.get(host, store, name),
    "hostValues.set": (host, store, name, value) => {
      set.run(host, store, name, value);
    },
    "hostValues.remove": (host, store, name) => {
      remove.run(host, store, name);
    },
    "hostValues.entries": (host, store) => entries.all(host, store),
    "hostValues.page": (host, store, after, limit) => page.all(host, store, after, limit),
  };
}

/** Both tables are alike but for their owner. */
function valueStatements<Owner extends string | number>(database: Database, table: string, owner: string) {
  const place = `${owner} = ? AND store = ? AND name = ?`;
  return {
    get: database.prepare<[Owner, string, string], string>(`SELECT value FROM ${table} WHERE ${place}`).pluck(),
    set: database.prepare<[Owner, string, string, string]>(
      `INSERT OR REPLACE INTO ${table} (${owner}, store, name, value) VALUES (?, ?, ?, ?)`,
    ),
    remove: database.prepare<[Owner, string, string]>(`DELETE FROM ${table} WHERE ${place}`),
    entries: database
      .prepare<[Owner, string], EntryRow>(
        `SELECT name, value FROM ${table} WHERE ${owner} = ? AND store = ? ORDER BY name`,
      )
      .raw(),
  };
}
