// Named values that are read from storage each time.
import type { Codec } from "./codecs.js";
import type { HostMap, HostMaps, StorePlace, UserMap } from "./stores.js";

export function userMap<T>(codec: Codec<T>, { storage, host, name: store }: StorePlace): UserMap<T> {
  const { userValues } = storage;
  return {
    get: async (user, name) => decoded(codec, await userValues.get({ host, user }, store, name)),
    set: async (user, name, value) => userValues.set({ host, user }, store, name, codec.encode(value)),
    remove: (user, name) => userValues.remove({ host, user }, store, name),
    entries: async (user) => decodedEntries(codec, await userValues.entries({ host, user }, store)),
  };
}

export function hostMap<T>(codec: Codec<T>, { storage, host, name: store }: StorePlace): HostMap<T> {
  const { hostValues } = storage;
  return {
    get: async (name) => decoded(codec, await hostValues.get(host, store, name)),
    set: async (name, value) => hostValues.set(host, store, name, codec.encode(value)),
    remove: (name) => hostValues.remove(host, store, name),
    entries: async () => decodedEntries(codec, await hostValues.entries(host, store)),
    page: async (after, limit) => decodedEntries(codec, await hostValues.page(host, store, after, limit)),
  };
}

export function hostMaps<T>(codec: Codec<T>, { storage, host, name: store }: StorePlace): HostMaps<T> {
  const { hostCollections } = storage;
  return {
    get: async (map, name) => decoded(codec, await hostCollections.get(host, store, map, name)),
    set: async (map, name, value) => hostCollections.set(host, store, map, name, codec.encode(value)),
    remove: (map, name) => hostCollections.remove(host, store, map, name),
    entries: async (map) => decodedEntries(codec, await hostCollections.entries(host, store, map)),
    clear: (map) => hostCollections.clear(host, store, map),
  };
}

function decoded<T>(codec: Codec<T>, text: string | undefined): T | undefined {
  return text === undefined ? undefined : codec.decode(text);
}

function decodedEntries<T>(codec: Codec<T>, entries: readonly (readonly [string, string])[]): ReadonlyMap<string, T> {
  return new Map(entries.map(([name, text]) => [name, codec.decode(text)]));
}
