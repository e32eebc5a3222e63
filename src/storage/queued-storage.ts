// The storage that the server sees, over a queue of calls: the same for every driver.
import type { OfflineQuota, FailureListener, Storage } from "./storage.js";
import { archiveCalls, hostCollectionCalls, hostValueCalls, userValueCalls } from "./extension-calls.js";
import { CallQueue, type BatchRunner } from "./call-queue.js";
import type { AccountKey, AccountRecord, Credentials, RosterItemRecord, SubscriptionRequestRecord } from "./records.js";
import { fromRosterItem, toAccount, toOffline, toOutbound, toState, toUnstored } from "./rows.js";

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

  together<T>(job: () => T): T {
    return this.#queue.together(job);
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
    async appendToAll(host, users, stanza, storedAt, { messages, bytes }) {
      return (await queue.call("offline.appendToAll", host, users, stanza, storedAt, messages, bytes)).map(toUnstored);
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
