// The storage that everything above sees: asynchronous, durable when a promise resolves, the same for every driver.
import type {
  AccountKey,
  AccountRecord,
  AccountState,
  ArchivedMessage,
  ArchiveRange,
  Credentials,
  OfflineRecord,
  OutboundRecord,
  RosterItemRecord,
  SubscriptionRequestRecord,
  UnstoredRecord,
} from "./records.js";
import type { StorageError } from "./storage-error.js";

/** How many messages and bytes an account's offline store may hold. */
export interface OfflineQuota {
  readonly messages: number;
  readonly bytes: number;
}

/** What of an archive is to stay: the last `keep` messages, of them those that are not older than `since`. */
export interface ArchiveLimits {
  readonly keep?: number;
  /** Milliseconds since 1970, as in ArchiveRange. */
  readonly since?: number;
}

/** Names an archive: of this owner in this store of this host. */
export interface ArchiveKey {
  readonly host: string;
  readonly store: string;
  readonly owner: string;
}

/** Hears, once, that the storage has stopped for good (disk full, disk error, dead worker). */
export type FailureListener = (failure: StorageError) => void;

/**
 * Every promise resolves only once its write is committed to disk (group commit), and operations take effect in the
 * order in which they were called. A failed write rejects with a StorageError; nothing of it has happened. Writing to an
 * account that does not exist rejects with code "no-account"; removing from one and reading from one find nothing.
 */
export interface Storage {
  readonly accounts: {
    get(key: AccountKey): Promise<AccountRecord | undefined>;
    /** False when the account exists already. */
    create(record: AccountRecord): Promise<boolean>;
    /** False when there is no such account; likewise below. */
    setCredentials(key: AccountKey, credentials: Credentials): Promise<boolean>;
    setDisabled(key: AccountKey, isDisabled: boolean): Promise<boolean>;
    /** Removes the account and everything it owns, in every store. */
    remove(key: AccountKey): Promise<boolean>;
    /** Ordered by user; pages after the given user name. */
    list(host: string, after: string, limit: number): Promise<readonly AccountRecord[]>;
    /** One read for the hot state (ARCHITECTURE §3.2); `hot` names the extension stores to bring along. */
    load(key: AccountKey, hot: readonly string[]): Promise<AccountState | undefined>;
  };
  readonly roster: {
    /** Stores the item and the roster's new version (the item's) together. */
    put(key: AccountKey, item: RosterItemRecord): Promise<void>;
    /** Removes the item and stores the roster's new version, which becomes the version of the latest removal. */
    remove(key: AccountKey, jid: string, version: number): Promise<void>;
    /** A second request of the same sender takes the first one's place. */
    putRequest(key: AccountKey, request: SubscriptionRequestRecord): Promise<void>;
    removeRequest(key: AccountKey, from: string): Promise<void>;
  };
  readonly offline: {
    /** False when the quota leaves no room: nothing was stored. Bytes are those of the stanza in UTF-8. */
    append(key: AccountKey, stanza: string, storedAt: number, quota: OfflineQuota): Promise<boolean>;
    /** The same for many accounts of a host, all in one commit. Resolves with those who did not get it. */
    appendToAll(
      host: string,
      users: readonly string[],
      stanza: string,
      storedAt: number,
      quota: OfflineQuota,
    ): Promise<readonly UnstoredRecord[]>;
    /** Oldest first, after the given sequence number (0: from the start). Numbers are never used twice. */
    read(key: AccountKey, after: number, limit: number): Promise<readonly OfflineRecord[]>;
    /** Removes everything up to and with this sequence number. */
    removeThrough(key: AccountKey, sequence: number): Promise<void>;
    count(key: AccountKey): Promise<number>;
  };
  /** Stanzas that wait for other servers. */
  readonly outbound: {
    /** Resolves with the stanza's number, by which the others below name it. Numbers are never used twice. */
    append(local: string, remote: string, stanza: string, storedAt: number): Promise<number>;
    /**
     * These are about to be sent: after a crash nobody knows whether they have arrived. Or (false) they have not been sent
     * after all. Numbers not there are ignored.
     */
    markSent(sequences: readonly number[], isSent?: boolean): Promise<void>;
    /** They have arrived, or their senders have been told that they have not. Numbers not there are ignored. */
    remove(sequences: readonly number[]): Promise<void>;
    /** Oldest first, after the given number (0: from the start), of all servers. */
    read(after: number, limit: number): Promise<readonly OutboundRecord[]>;
  };
  /** Values that extensions keep for a user; the typed shapes perUser and perUserMap stand on this. Values are text. */
  readonly userValues: {
    get(key: AccountKey, store: string, name: string): Promise<string | undefined>;
    set(key: AccountKey, store: string, name: string, value: string): Promise<void>;
    remove(key: AccountKey, store: string, name: string): Promise<void>;
    entries(key: AccountKey, store: string): Promise<readonly (readonly [name: string, value: string])[]>;
  };
  /** Values that extensions keep for a host (perHost). */
  readonly hostValues: {
    get(host: string, store: string, name: string): Promise<string | undefined>;
    set(host: string, store: string, name: string, value: string): Promise<void>;
    remove(host: string, store: string, name: string): Promise<void>;
    entries(host: string, store: string): Promise<readonly (readonly [name: string, value: string])[]>;
    /** Ordered by name; pages after the given name. */
    page(
      host: string,
      store: string,
      after: string,
      limit: number,
    ): Promise<readonly (readonly [name: string, value: string])[]>;
  };
  /** Named collections of values that extensions keep for a host (perHostMaps). */
  readonly hostCollections: {
    get(host: string, store: string, collection: string, name: string): Promise<string | undefined>;
    set(host: string, store: string, collection: string, name: string, value: string): Promise<void>;
    remove(host: string, store: string, collection: string, name: string): Promise<void>;
    entries(
      host: string,
      store: string,
      collection: string,
    ): Promise<readonly (readonly [name: string, value: string])[]>;
    clear(host: string, store: string, collection: string): Promise<void>;
  };
  /** Messages in the order in which they came, by owner; the shape archive() stands on this and says what each does. */
  readonly archive: {
    append(key: ArchiveKey, message: ArchivedMessage): Promise<void>;
    first(key: ArchiveKey, limit: number, range: ArchiveRange): Promise<readonly ArchivedMessage[]>;
    last(key: ArchiveKey, limit: number, range: ArchiveRange): Promise<readonly ArchivedMessage[]>;
    get(key: ArchiveKey, id: string): Promise<ArchivedMessage | undefined>;
    replace(key: ArchiveKey, id: string, stanza: string): Promise<boolean>;
    count(key: ArchiveKey, range: ArchiveRange): Promise<number>;
    trim(key: ArchiveKey, limits: ArchiveLimits): Promise<number>;
    clear(key: ArchiveKey): Promise<void>;
  };
  /**
   * Commits what `job` calls before it returns together: after a crash all of it is there, or nothing. A call that is
   * refused is refused alone. `job` calls little, for others wait until all of it is done.
   */
  together<T>(job: () => T): T;
  /** Calls that wait for their commit: the measure by which to slow down who causes them. */
  readonly waitingCalls: number;
  /** Tells the listener of a failure, at once when it has happened already. From then on every call rejects. */
  onFailure(listener: FailureListener): void;
  /** Commits what is under way and closes; later calls reject. */
  close(): Promise<void>;
}
