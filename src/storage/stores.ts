// The stores that extensions are handed: what they can do, and what they need of their surroundings.
import type { AccountState, ArchivedMessage, ArchiveRange } from "./records.js";
import type { ArchiveLimits, Storage } from "./storage.js";

/** One value for each account of the host; users are prepared localparts. */
export interface UserValue<T> {
  get(user: string): Promise<T | undefined>;
  /** Rejects with a StorageError "no-account" when there is no such account. */
  set(user: string, value: T): Promise<void>;
  remove(user: string): Promise<void>;
}

/** Named values for each account of the host. */
export interface UserMap<T> {
  get(user: string, name: string): Promise<T | undefined>;
  /** Rejects with a StorageError "no-account" when there is no such account. */
  set(user: string, name: string, value: T): Promise<void>;
  remove(user: string, name: string): Promise<void>;
  /** Ordered by name. */
  entries(user: string): Promise<ReadonlyMap<string, T>>;
}

/** One value for each account of the host, in memory with it. */
export interface HotUserValue<T> {
  /** Throws when the account is not in memory; in a stage handler of that account it always is. */
  get(user: string): T | undefined;
  /** Seen by get() at once (a cold account is loaded first), durable when it resolves. Rejects with "no-account". */
  set(user: string, value: T): Promise<void>;
  remove(user: string): Promise<void>;
}

/** Named values for each account of the host, in memory with it. */
export interface HotUserMap<T> {
  /** Throws when the account is not in memory; in a stage handler of that account it always is. */
  get(user: string, name: string): T | undefined;
  /** Likewise; the map lives on, and changes with set() and remove(). */
  entries(user: string): ReadonlyMap<string, T>;
  /** Seen by get() at once (a cold account is loaded first), durable when it resolves. Rejects with "no-account". */
  set(user: string, name: string, value: T): Promise<void>;
  remove(user: string, name: string): Promise<void>;
}

/** One value for the host. */
export interface HostValue<T> {
  get(): Promise<T | undefined>;
  set(value: T): Promise<void>;
  remove(): Promise<void>;
}

/** Named values for the host. */
export interface HostMap<T> {
  get(name: string): Promise<T | undefined>;
  set(name: string, value: T): Promise<void>;
  remove(name: string): Promise<void>;
  /** Ordered by name. */
  entries(): Promise<ReadonlyMap<string, T>>;
  /** At most `limit` of those with a name greater than `after` ("": from the start), ordered by name. */
  page(after: string, limit: number): Promise<ReadonlyMap<string, T>>;
}

/** Named maps of named values for the host; a map is there while something is in it. */
export interface HostMaps<T> {
  get(map: string, name: string): Promise<T | undefined>;
  set(map: string, name: string, value: T): Promise<void>;
  remove(map: string, name: string): Promise<void>;
  /** Ordered by name. */
  entries(map: string): Promise<ReadonlyMap<string, T>>;
  /** Removes all that is in the map. */
  clear(map: string): Promise<void>;
}

/** Messages in the order in which they came, by owner: a localpart that is a room's or a user's. */
export interface Archive {
  /** Rejects with a StorageError "refused", and changes nothing, when the owner's archive has a message with this id. */
  append(owner: string, message: ArchivedMessage): Promise<void>;
  /**
   * The first `limit` messages of the range, oldest first. Rejects with a StorageError "not-found" when `after` or `before`
   * names no message of this owner: it may have been trimmed, and who asks has to start anew.
   */
  first(owner: string, limit: number, range?: ArchiveRange): Promise<readonly ArchivedMessage[]>;
  /** The last `limit` messages of the range, oldest first too. Rejects likewise. */
  last(owner: string, limit: number, range?: ArchiveRange): Promise<readonly ArchivedMessage[]>;
  get(owner: string, id: string): Promise<ArchivedMessage | undefined>;
  /** Puts another text in the place of a message's, which keeps its place (tombstones). False when there is none. */
  replace(owner: string, id: string, stanza: string): Promise<boolean>;
  /** How many messages the range has; reads the index over all of them. Rejects as first() does. */
  count(owner: string, range?: ArchiveRange): Promise<number>;
  /** Removes all but the last `keep`, and what is older than `since`. Resolves with how many went. */
  trim(owner: string, limits: ArchiveLimits): Promise<number>;
  clear(owner: string): Promise<void>;
}

/** What an account brought along when it was loaded. */
export type LoadedValues = AccountState["values"];

/** What hot stores ask of the account cache of one host. Each load of an account must bring a new `values` object. */
export interface HotAccounts {
  /** The `values` of an account in memory; undefined while it is not. */
  find(user: string): LoadedValues | undefined;
  /** Loads the account, once at a time, unless it is in memory; undefined when there is no such account. */
  load(user: string): Promise<LoadedValues | undefined>;
}

/** Where a store is. */
export interface StorePlace {
  readonly storage: Storage;
  /** The virtual host. */
  readonly host: string;
  /** The store's name in storage, unique among all extensions: "blocking.blocklist". */
  readonly name: string;
  readonly hotAccounts: HotAccounts;
}
