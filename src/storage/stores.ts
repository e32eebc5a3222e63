// The stores that extensions are handed: what they can do, and what they need of their surroundings.
import type { AccountState } from "./records.js";
import type { Storage } from "./storage.js";

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
