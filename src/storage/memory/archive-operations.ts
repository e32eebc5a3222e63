// Archives in memory.
import { isTakenSentence } from "../archive-order.js";
import type { OperationsOf } from "../engine.js";
import { StorageError } from "../storage-error.js";
import { MemoryArchive } from "./memory-archive.js";

export function archiveOperations(): OperationsOf<"archive"> {
  const archives = new Map<string, MemoryArchive>();
  const keyOf = (...key: readonly [host: string, store: string, owner: string]): string => JSON.stringify(key);
  const archiveOf = (host: string, store: string, owner: string): MemoryArchive => {
    const key = keyOf(host, store, owner);
    const archive = archives.get(key) ?? new MemoryArchive();
    archives.set(key, archive);
    return archive;
  };
  return {
    "archive.append": (host, store, owner, ...row) => {
      if (!archiveOf(host, store, owner).append(row)) throw new StorageError("refused", isTakenSentence(row[0]));
    },
    "archive.first": (host, store, owner, limit, ...range) =>
      archiveOf(host, store, owner).rowsIn(range).slice(0, limit),
    "archive.last": (host, store, owner, limit, ...range) => {
      const rows = archiveOf(host, store, owner).rowsIn(range);
      return rows.slice(Math.max(0, rows.length - limit));
    },
    "archive.get": (host, store, owner, id) => archiveOf(host, store, owner).get(id),
    "archive.replace": (host, store, owner, id, stanza) => archiveOf(host, store, owner).replace(id, stanza),
    "archive.count": (host, store, owner, ...range) => archiveOf(host, store, owner).rowsIn(range).length,
    "archive.trim": (host, store, owner, keep, since) => archiveOf(host, store, owner).trim(keep, since),
    "archive.clear": (host, store, owner) => {
      archives.delete(keyOf(host, store, owner));
    },
  };
}
