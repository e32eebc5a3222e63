// Offline messages in SQLite, with a running total for each account that the quota is measured by.
import type { Database } from "better-sqlite3";
import { noAccountSentence, type OfflineRow, type OperationsOf } from "../engine.js";
import { StorageError } from "../storage-error.js";
import type { AccountIds } from "./account-ids.js";

type TotalsRow = readonly [account: number, messages: number | null, bytes: number | null];

export function offlineOperations(database: Database, ids: AccountIds): OperationsOf<"offline"> {
  const read = database
    .prepare<[number, number, number], OfflineRow>(
      "SELECT sequence, stanza, stored_at FROM offline_messages WHERE account = ? AND sequence > ? ORDER BY sequence LIMIT ?",
    )
    .raw();
  const count = database.prepare<[number], number>("SELECT messages FROM offline_totals WHERE account = ?").pluck();
  const append = appending(database);
  return {
    "offline.append": (...cells) => {
      const isStored = append(...cells);
      if (isStored === undefined) throw new StorageError("no-account", noAccountSentence);
      return isStored;
    },
    "offline.appendToAll": (host, users, ...cells) =>
      users.flatMap((user) => {
        const isStored = append(host, user, ...cells);
        return isStored === true ? [] : [[user, isStored === undefined ? 0 : 1] as const];
      }),
    "offline.read": (host, user, after, limit) => {
      const id = ids.find(host, user);
      return id === undefined ? [] : read.all(id, after, limit);
    },
    "offline.removeThrough": removing(database, ids),
    "offline.count": (host, user) => {
      const id = ids.find(host, user);
      return id === undefined ? 0 : (count.get(id) ?? 0);
    },
  };
}

/** False when the quota leaves no room, undefined when there is no such account. */
type Append = (
  ...cells: Parameters<OperationsOf<"offline">["offline.append"]>
) => ReturnType<OperationsOf<"offline">["offline.append"]> | undefined;

function appending(database: Database): Append {
  const totals = database
    .prepare<[string, string], TotalsRow>(
      `SELECT id, messages, bytes FROM accounts LEFT JOIN offline_totals ON account = id
         WHERE host = ? AND user = ?`,
    )
    .raw();
  const insert = database.prepare<[number, number, string]>(
    "INSERT INTO offline_messages (account, stored_at, stanza) VALUES (?, ?, ?)",
  );
  const count = database.prepare<[number, number]>(
    `INSERT INTO offline_totals (account, messages, bytes) VALUES (?, 1, ?)
       ON CONFLICT DO UPDATE SET messages = messages + 1, bytes = bytes + excluded.bytes`,
  );
  return (host, user, stanza, storedAt, mostMessages, mostBytes) => {
    const row = totals.get(host, user);
    if (row === undefined) return undefined;
    const [id, messages, held] = row;
    const bytes = Buffer.byteLength(stanza);
    if ((messages ?? 0) >= mostMessages || (held ?? 0) + bytes > mostBytes) return false;
    insert.run(id, storedAt, stanza);
    count.run(id, bytes);
    return true;
  };
}

/** The totals are taken anew from what remains, which is nearly always nothing. */
function removing(database: Database, ids: AccountIds): OperationsOf<"offline">["offline.removeThrough"] {
  const remove = database.prepare<[number, number]>("DELETE FROM offline_messages WHERE account = ? AND sequence <= ?");
  const recount = database.prepare<[{ id: number }]>(
    `UPDATE offline_totals SET (messages, bytes) =
       (SELECT count(*), ifnull(sum(octet_length(stanza)), 0) FROM offline_messages WHERE account = :id)
       WHERE account = :id`,
  );
  return (host, user, sequence) => {
    const id = ids.find(host, user);
    if (id !== undefined && remove.run(id, sequence).changes > 0) recount.run({ id });
  };
}
