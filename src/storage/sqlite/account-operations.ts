// Accounts in SQLite.
import type { Database } from "better-sqlite3";
import type { AccountRow, HotRow, OperationsOf, RequestRow, RosterRow, StateRow } from "../engine.js";

const columns = "user, credentials, is_disabled, created_at";

export function accountOperations(database: Database): OperationsOf<"accounts"> {
  const get = database
    .prepare<[string, string], AccountRow>(`SELECT ${columns} FROM accounts WHERE host = ? AND user = ?`)
    .raw();
  const create = database.prepare<[string, string, string, number, number]>(
    `INSERT INTO accounts (host, ${columns}) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const setCredentials = database.prepare<[string, string, string]>(
    "UPDATE accounts SET credentials = ? WHERE host = ? AND user = ?",
  );
  const setDisabled = database.prepare<[number, string, string]>(
    "UPDATE accounts SET is_disabled = ? WHERE host = ? AND user = ?",
  );
  const remove = database.prepare<[string, string]>("DELETE FROM accounts WHERE host = ? AND user = ?");
  const list = database
    .prepare<[string, string, number], AccountRow>(
      `SELECT ${columns} FROM accounts WHERE host = ? AND user > ? ORDER BY user LIMIT ?`,
    )
    .raw();
  return {
    "accounts.get": (host, user) => get.get(host, user),
    "accounts.create": (host, ...cells) => create.run(host, ...cells).changes > 0,
    "accounts.setCredentials": (host, user, credentials) => setCredentials.run(credentials, host, user).changes > 0,
    "accounts.setDisabled": (host, user, isDisabled) => setDisabled.run(isDisabled, host, user).changes > 0,
    "accounts.remove": (host, user) => remove.run(host, user).changes > 0,
    "accounts.list": (host, after, limit) => list.all(host, after, limit),
    "accounts.load": loading(database),
  };
}

type LoadedRow = readonly [id: number, rosterVersion: number, rosterRemovalVersion: number, ...account: AccountRow];

function loading(database: Database): OperationsOf<"accounts">["accounts.load"] {
  const find = database
    .prepare<[string, string], LoadedRow>(
      `SELECT id, roster_version, roster_removal_version, ${columns} FROM accounts WHERE host = ? AND user = ?`,
    )
    .raw();
  const roster = database
    .prepare<[number], RosterRow>(
      "SELECT jid, name, subscription, is_asking, is_approved, groups, version FROM roster_items WHERE account = ? ORDER BY jid",
    )
    .raw();
  const requests = database
    .prepare<[number], RequestRow>(
      "SELECT sender, stanza FROM subscription_requests WHERE account = ? ORDER BY arrival",
    )
    .raw();
  const values = database
    .prepare<[number, string], HotRow>(
      "SELECT store, name, value FROM user_values WHERE account = ? AND store = ? ORDER BY name",
    )
    .raw();
  return (host, user, hot): StateRow | undefined => {
    const found = find.get(host, user);
    if (found === undefined) return undefined;
    const [id, version, removal, ...account] = found;
    return [account, version, removal, roster.all(id), requests.all(id), hot.flatMap((store) => values.all(id, store))];
  };
}
