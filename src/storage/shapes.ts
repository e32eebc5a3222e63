// The shapes in which extensions keep values: an extension declares a shape with a codec in its `stores`, and is handed
// the store that the shape makes for one virtual host. It never sees SQL.
import type { Codec } from "./codecs.js";
import { archiveOf } from "./cold-archive.js";
import { hostMap, hostMaps, userMap } from "./cold-maps.js";
import { HotMap } from "./hot-user-map.js";
import type {
  Archive,
  HostMap,
  HostMaps,
  HostValue,
  HotUserMap,
  HotUserValue,
  StorePlace,
  UserMap,
  UserValue,
} from "./stores.js";

/** A declaration; the store that it makes is an `S`. */
export interface Shape<S> {
  /** The names of hot stores must be passed to `accounts.load`. */
  readonly isHot: boolean;
  bind(place: StorePlace): S;
}

/** What an extension that declares these shapes is handed. */
export type StoresOf<D extends Readonly<Record<string, Shape<unknown>>>> = {
  readonly [Name in keyof D]: D[Name] extends Shape<infer S> ? S : never;
};

/** Loaded with the account and read synchronously: for what stage handlers must know of a user. */
export interface HotOption {
  readonly hot: true;
}

/** The name of the value where there is but one. */
const only = "";

/** One value for each account. */
export function perUser<T>(codec: Codec<T>): Shape<UserValue<T>>;
export function perUser<T>(codec: Codec<T>, options: HotOption): Shape<HotUserValue<T>>;
export function perUser<T>(codec: Codec<T>, options?: HotOption): Shape<UserValue<T> | HotUserValue<T>> {
  if (options === undefined) return { isHot: false, bind: (place) => onlyValue(userMap(codec, place)) };
  return { isHot: true, bind: (place) => onlyHotValue(new HotMap(codec, place)) };
}

/** Named values for each account. */
export function perUserMap<T>(codec: Codec<T>): Shape<UserMap<T>>;
export function perUserMap<T>(codec: Codec<T>, options: HotOption): Shape<HotUserMap<T>>;
export function perUserMap<T>(codec: Codec<T>, options?: HotOption): Shape<UserMap<T> | HotUserMap<T>> {
  if (options === undefined) return { isHot: false, bind: (place) => userMap(codec, place) };
  return { isHot: true, bind: (place) => new HotMap(codec, place) };
}

/** One value for the host. */
export function perHost<T>(codec: Codec<T>): Shape<HostValue<T>> {
  return { isHot: false, bind: (place) => onlyHostValue(hostMap(codec, place)) };
}

/** Named values for the host. */
export function perHostMap<T>(codec: Codec<T>): Shape<HostMap<T>> {
  return { isHot: false, bind: (place) => hostMap(codec, place) };
}

/** Named maps of named values for the host. */
export function perHostMaps<T>(codec: Codec<T>): Shape<HostMaps<T>> {
  return { isHot: false, bind: (place) => hostMaps(codec, place) };
}

/**
 * Messages in order, by owner. Owners need no account, so an archive does not go with one: whoever keeps archives of users
 * clears them when the account is gone, until there is a variant whose owners are accounts and go with them in storage.
 */
export function archive(): Shape<Archive> {
  return { isHot: false, bind: archiveOf };
}

function onlyValue<T>(map: UserMap<T>): UserValue<T> {
  return {
    get: (user) => map.get(user, only),
    set: (user, value) => map.set(user, only, value),
    remove: (user) => map.remove(user, only),
  };
}

function onlyHotValue<T>(map: HotUserMap<T>): HotUserValue<T> {
  return {
    get: (user) => map.get(user, only),
    set: (user, value) => map.set(user, only, value),
    remove: (user) => map.remove(user, only),
  };
}

function onlyHostValue<T>(map: HostMap<T>): HostValue<T> {
  return {
    get: () => map.get(only),
    set: (value) => map.set(only, value),
    remove: () => map.remove(only),
  };
}
