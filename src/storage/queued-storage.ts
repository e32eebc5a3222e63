// The storage that the server sees, over a queue of calls: the same for every driver.
import type { OfflineQuota, FailureListener, Storage } from "./storage.js";
import { CallQueue, type BatchRunner } from "./call-queue.js";
import type { AccountKey, AccountRecord, Credentials, RosterItemRecord, SubscriptionRequestRecord } from "./records.js";
import {
  fromArchived,
  fromRange,
  fromRosterItem,
  toAccount,
  toArchived,
  toOffline,
  toOutbound,
  toState,
} from "./rows.js";

export class QueuedStorage implements Storage {
  readonly accounts: Storage["accounts"];
  readonly roster: Storage["roster"];
  readonly offline: Storage["offline"];
  readonly outbound: Storage["outbound"];
  readonly userValues: Storage["userValues"];
  readonly hostValues: Storage["hostValues"];
  readonly hostCollections: Storage["hostCollections"];
  readonly archive: Storage["archive"];
  readonly #queue: CallQueue;

  constructor(runner: BatchRunner) {
    const queue = (this.#queue = new CallQueue(runner));
    this.accounts = accountCalls(queue);
    this.roster = rosterCalls(queue);
    this.offline = offlineCalls(queue);
    this.outbound = outboundCalls(queue);
    this.userValues = userValueCalls(queue);
    this.hostValues = hostValueCalls(queue);
    this.hostCollections = hostCollectionCalls(queue);
    this.archive = archiveCalls(queue);
  }

  get waitingCalls(): number {
    return this.#queue.waitingCalls;
  }

  onFailure(listener: FailureListener): void {
    this.#queue.onFailure(listener);
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}

function accountCalls(queue: CallQueue): Storage["accounts"] {
  return {
    async get({ host, user }: AccountKey) {
      const row = await queue.call("accounts.get", host, user);
      return row && toAccount(host, row);
    },
    create({ host, user, credentials, isDisabled, createdAt }: AccountRecord) {
      return queue.call("accounts.create", host, user, JSON.stringify(credentials), Number(isDisabled), createdAt);
    },
    setCredentials({ host, user }: AccountKey, credentials: Credentials) {
      return queue.call("accounts.setCredentials", host, user, JSON.stringify(credentials));
    },
    setDisabled({ host, user }: AccountKey, isDisabled: boolean) {
      return queue.call("accounts.setDisabled", host, user, Number(isDisabled));
    },
    remove({ host, user }: AccountKey) {
      return queue.call("accounts.remove", host, user);
    },
    async list(host: string, after: string, limit: number) {
      return (await queue.call("accounts.list", host, after, limit)).map((row) => toAccount(host, row));
    },
    async load(key: AccountKey, hot: readonly string[]) {
      const row = await queue.call("accounts.load", key.host, key.user, hot);
      return row && toState(key, row);
    },
  };
}

function rosterCalls(queue: CallQueue): Storage["roster"] {
  return {
    put({ host, user }: AccountKey, item: RosterItemRecord) {
      return queue.call("roster.put", host, user, ...fromRosterItem(item));
    },
    remove({ host, user }: AccountKey, jid: string, version: number) {
      return queue.call("roster.remove", host, user, jid, version);
    },
    putRequest({ host, user }: AccountKey, { from, stanza }: SubscriptionRequestRecord) {
      return queue.call("roster.putRequest", host, user, from, stanza);
    },
    removeRequest({ host, user }: AccountKey, from: string) {
      return queue.call("roster.removeRequest", host, user, from);
    },
  };
}

function offlineCalls(queue: CallQueue): Storage["offline"] {
  return {
    append({ host, user }: AccountKey, stanza: string, storedAt: number, { messages, bytes }: OfflineQuota) {
      return queue.call("offline.append", host, user, stanza, storedAt, messages, bytes);
    },
    async read({ host, user }: AccountKey, after: number, limit: number) {
      return (await queue.call("offline.read", host, user, after, limit)).map(toOffline);
    },
    removeThrough({ host, user }: AccountKey, sequence: number) {
      return queue.call("offline.removeThrough", host, user, sequence);
    },
    count({ host, user }: AccountKey) {
      return queue.call("offline.count", host, user);
    },
  };
}

function outboundCalls(queue: CallQueue): Storage["outbound"] {
  return {
    append: (local, remote, stanza, storedAt) => queue.call("outbound.append", local, remote, stanza, storedAt),
    markSent: (sequences, isSent = true) => queue.call("outbound.markSent", sequences, Number(isSent)),
    remove: (sequences) => queue.call("outbound.remove", sequences),
    read: async (after, limit) => (await queue.call("outbound.read", after, limit)).map(toOutbound),
  };
}

function userValueCalls(queue: CallQueue): Storage["userValues"] {
  return {
    get: ({ host, user }, store, name) => queue.call("userValues.get", host, user, store, name),
    set: ({ host, user }, store, name, value) => queue.call("userValues.set", host, user, store, name, value),
    remove: ({ host, user }, store, name) => queue.call("userValues.remove", host, user, store, name),
    entries: ({ host, user }, store) => queue.call("userValues.entries", host, user, store),
  };
}

function hostValueCalls(queue: CallQueue): Storage["hostValues"] {
  return {
    get: (host, store, name) => queue.call("hostValues.get", host, store, name),
    set: (host, store, name, value) => queue.call("hostValues.set", host, store, name, value),
    remove: (host, store, name) => queue.call("hostValues.remove", host, store, name),
    entries: (host, store) => queue.call("hostValues.entries", host, store),
    page: (host, store, after, limit) => queue.call("hostValues.page", host, store, after, limit),
  };
}

function hostCollectionCalls(queue: CallQueue): Storage["hostCollections"] {
  return {
    get: (...cells) => queue.call("hostCollections.get", ...cells),
    set: (...cells) => queue.call("hostCollections.set", ...cells),
    remove: (...cells) => queue.call("hostCollections.remove", ...cells),
    entries: (...cells) => queue.call("hostCollections.entries", ...cells),
    clear: (...cells) => queue.call("hostCollections.clear", ...cells),
  };
}

function archiveCalls(queue: CallQueue): Storage["archive"] {
  return {
    append({ host, store, owner }, message) {
      return queue.call("archive.append", host, store, owner, ...fromArchived(message));
    },
    async first({ host, store, owner }, limit, range) {
      const rows = await queue.call("archive.first", host, store, owner, limit, ...fromRange(range));
      return rows.map(toArchived);
    },
    async last({ host, store, owner }, limit, range) {
      const rows = await queue.call("archive.last", host, store, owner, limit, ...fromRange(range));
      return rows.map(toArchived);
    },
    async get({ host, store, owner }, id) {
      const row = await queue.call("archive.get", host, store, owner, id);
      return row && toArchived(row);
    },
    replace({ host, store, owner }, id, stanza) {
      return queue.call("archive.replace", host, store, owner, id, stanza);
    },
    count({ host, store, owner }, range) {
      return queue.call("archive.count", host, store, owner, ...fromRange(range));
    },
    trim({ host, store, owner }, { keep = Infinity, since = -Infinity }) {
      return queue.call("archive.trim", host, store, owner, keep, since);
    },
    clear({ host, store, owner }) {
      return queue.call("archive.clear", host, store, owner);
    },
  };
}
