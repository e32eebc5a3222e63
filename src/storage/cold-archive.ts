// The archive that an extension is handed: one store's, for one host.
import type { ArchiveKey } from "./storage.js";
import type { Archive, StorePlace } from "./stores.js";

export function archiveOf({ storage, host, name: store }: StorePlace): Archive {
  const { archive } = storage;
  const of = (owner: string): ArchiveKey => ({ host, store, owner });
  return {
    append: (owner, message) => archive.append(of(owner), message),
    first: (owner, limit, range = {}) => archive.first(of(owner), limit, range),
    last: (owner, limit, range = {}) => archive.last(of(owner), limit, range),
    get: (owner, id) => archive.get(of(owner), id),
    replace: (owner, id, stanza) => archive.replace(of(owner), id, stanza),
    count: (owner, range = {}) => archive.count(of(owner), range),
    trim: (owner, limits) => archive.trim(of(owner), limits),
    clear: (owner) => archive.clear(of(owner)),
  };
}
