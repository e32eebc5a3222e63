// Rosters and waiting subscription requests in SQLite.
import type { Database } from "better-sqlite3";
import type { OperationsOf, RosterRow } from "../engine.js";
import type { AccountIds } from "./account-ids.js";

export function rosterOperations(database: Database, ids: AccountIds): OperationsOf<"roster"> {
  const put = database.prepare<[number, ...RosterRow]>(
    `INSERT OR REPLACE INTO roster_items
       (account, jid, name, subscription, is_asking, is_approved, groups, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const setVersion = database.prepare<[number, number]>("UPDATE accounts SET roster_version = ? WHERE id = ?");
  const remove = database.prepare<[number, string]>("DELETE FROM roster_items WHERE account = ? AND jid = ?");
  const setRemoval = database.prepare<[number, number, number]>(
    "UPDATE accounts SET roster_version = ?, roster_removal_version = ? WHERE id = ?",
  );
  return {
    "roster.put": (host, user, ...item) => {
      const id = ids.demand(host, user);
      put.run(id, ...item);
      setVersion.run(item[6], id);
    },
    "roster.remove": (host, user, jid, version) => {
      const id = ids.find(host, user);
      if (id === undefined) return;
      remove.run(id, jid);
      setRemoval.run(version, version, id);
    },
    ...requestOperations(database, ids),
  };
}

type RequestOperations = Pick<OperationsOf<"roster">, "roster.putRequest" | "roster.removeRequest">;

function requestOperations(database: Database, ids: AccountIds): RequestOperations {
  const put = database.prepare<[number, string, string]>(
    `INSERT INTO subscription_requests (account, sender, stanza) VALUES (?, ?, ?)
       ON CONFLICT (account, sender) DO UPDATE SET stanza = excluded.stanza`,
  );
  const remove = database.prepare<[number, string]>(
    "DELETE FROM subscription_requests WHERE account = ? AND sender = ?",
  );
  return {
    "roster.putRequest": (host, user, from, stanza) => {
      put.run(ids.demand(host, user), from, stanza);
    },
    "roster.removeRequest": (host, user, from) => {
      const id = ids.find(host, user);
      if (id !== undefined) remove.run(id, from);
    },
  };
}
