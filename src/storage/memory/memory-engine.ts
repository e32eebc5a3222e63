// The driver that keeps everything in memory, for tests: an operation checks before it changes, so it never stops halfway.
import { noAccountSentence, type AccountRow, type Engine, type Operations, type OperationsOf } from "../engine.js";
import { messageOf, StorageError } from "../storage-error.js";
import { compareText, entriesOf, MemoryAccount } from "./memory-account.js";
import { archiveOperations } from "./archive-operations.js";
import { hostCollectionOperations, hostValueOperations } from "./host-operations.js";
import { outboundOperations } from "./outbound-operations.js";

export class MemoryEngine implements Engine {
  readonly operations: Operations;

  constructor() {
    const accounts = new Accounts();
    this.operations = {
      ...accountOperations(accounts),
      ...rosterOperations(accounts),
      ...offlineOperations(accounts),
      ...outboundOperations(),
      ...userValueOperations(accounts),
      ...hostValueOperations(),
      ...hostCollectionOperations(),
      ...archiveOperations(),
    };
  }

  begin(): void {}
  commit(): void {}
  rollback(): void {}
  close(): void {}

  attempt<T>(operation: () => T): T {
    try {
      return operation();
    } catch (thrown) {
      throw thrown instanceof StorageError ? thrown : new StorageError("refused", messageOf(thrown), { cause: thrown });
    }
  }
}

/** By host, then user. */
class Accounts {
  readonly #hosts = new Map<string, Map<string, MemoryAccount>>();

  of(host: string): Map<string, MemoryAccount> {
    const accounts = this.#hosts.get(host) ?? new Map<string, MemoryAccount>();
    this.#hosts.set(host, accounts);
    return accounts;
  }

  find(host: string, user: string): MemoryAccount | undefined {
    return this.#hosts.get(host)?.get(user);
  }

  demand(host: string, user: string): MemoryAccount {
    const account = this.find(host, user);
    if (account === undefined) throw new StorageError("no-account", noAccountSentence);
    return account;
  }
}

function accountOperations(accounts: Accounts): OperationsOf<"accounts"> {
  const change = (host: string, user: string, changed: (row: AccountRow) => AccountRow): boolean => {
    const account = accounts.find(host, user);
    if (account !== undefined) account.row = changed(account.row);
    return account !== undefined;
  };
  return {
    "accounts.get": (host, user) => accounts.find(host, user)?.row,
    "accounts.create": (host, user, credentials, isDisabled, createdAt) => {
      if (accounts.find(host, user) !== undefined) return false;
      accounts.of(host).set(user, new MemoryAccount([user, credentials, isDisabled, createdAt]));
      return true;
    },
    "accounts.setCredentials": (host, user, credentials) =>
      change(host, user, ([, , isDisabled, createdAt]) => [user, credentials, isDisabled, createdAt]),
    "accounts.setDisabled": (host, user, isDisabled) =>
      change(host, user, ([, credentials, , createdAt]) => [user, credentials, isDisabled, createdAt]),
    "accounts.remove": (host, user) => accounts.of(host).delete(user),
    "accounts.list": (host, after, limit) => {
      const rows = [...accounts.of(host).values()].map(({ row }) => row);
      const following = rows.filter(([user]) => compareText(user, after) > 0);
      return following.sort(([one], [other]) => compareText(one, other)).slice(0, limit);
    },
    "accounts.load": (host, user, hot) => accounts.find(host, user)?.state(hot),
  };
}

function rosterOperations(accounts: Accounts): OperationsOf<"roster"> {
  return {
    "roster.put": (host, user, ...item) => {
      const account = accounts.demand(host, user);
      account.roster.set(item[0], item);
      account.rosterVersion = item[6];
    },
    "roster.remove": (host, user, jid, version) => {
      const account = accounts.find(host, user);
      if (account === undefined) return;
      account.roster.delete(jid);
      account.rosterVersion = account.rosterRemovalVersion = version;
    },
    "roster.putRequest": (host, user, from, stanza) => {
      accounts.demand(host, user).requests.set(from, stanza);
    },
    "roster.removeRequest": (host, user, from) => {
      accounts.find(host, user)?.requests.delete(from);
    },
  };
}

function offlineOperations(accounts: Accounts): OperationsOf<"offline"> {
  let latest = 0;
  return {
    "offline.append": (host, user, stanza, storedAt, mostMessages, mostBytes) =>
      accounts.demand(host, user).append(stanza, mostMessages, mostBytes, () => [++latest, stanza, storedAt]),
    "offline.appendToAll": (host, users, stanza, storedAt, mostMessages, mostBytes) =>
      users.flatMap((user) => {
        const account = accounts.find(host, user);
        const isStored = account?.append(stanza, mostMessages, mostBytes, () => [++latest, stanza, storedAt]) === true;
        return isStored ? [] : [[user, account === undefined ? 0 : 1] as const];
      }),
    "offline.read": (host, user, after, limit) => {
      const rows = accounts.find(host, user)?.offline ?? [];
      return rows.filter(([sequence]) => sequence > after).slice(0, limit);
    },
    "offline.removeThrough": (host, user, sequence) => {
      accounts.find(host, user)?.removeThrough(sequence);
    },
    "offline.count": (host, user) => accounts.find(host, user)?.offline.length ?? 0,
  };
}

function userValueOperations(accounts: Accounts): OperationsOf<"userValues"> {
  return {
    "userValues.get": (host, user, store, name) => accounts.find(host, user)?.values(store).get(name),
    "userValues.set": (host, user, store, name, value) => {
      accounts.demand(host, user).values(store).set(name, value);
    },
    "userValues.remove": (host, user, store, name) => {
      accounts.find(host, user)?.values(store).delete(name);
    },
    "userValues.entries": (host, user, store) => entriesOf(accounts.find(host, user)?.values(store) ?? new Map()),
  };
}
