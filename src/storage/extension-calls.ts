// What the shapes of extensions' stores stand on, as calls of the queue.
import type { CallQueue } from "./call-queue.js";
import { fromArchived, fromRange, toArchived } from "./rows.js";
import type { Storage } from "./storage.js";

export function userValueCalls(queue: CallQueue): Storage["userValues"] {
  return {
    get: ({ host, user }, store, name) => queue.call("userValues.get", host, user, store, name),
    set: ({ host, user }, store, name, value) => queue.call("userValues.set", host, user, store, name, value),
    remove: ({ host, user }, store, name) => queue.call("userValues.remove", host, user, store, name),
    entries: ({ host, user }, store) => queue.call("userValues.entries", host, user, store),
  };
}

export function hostValueCalls(queue: CallQueue): Storage["hostValues"] {
  return {
    get: (host, store, name) => queue.call("hostValues.get", host, store, name),
    set: (host, store, name, value) => queue.call("hostValues.set", host, store, name, value),
    remove: (host, store, name) => queue.call("hostValues.remove", host, store, name),
    entries: (host, store) => queue.call("hostValues.entries", host, store),
    page: (host, store, after, limit) => queue.call("hostValues.page", host, store, after, limit),
  };
}

export function hostCollectionCalls(queue: CallQueue): Storage["hostCollections"] {
  return {
    get: (...cells) => queue.call("hostCollections.get", ...cells),
    set: (...cells) => queue.call("hostCollections.set", ...cells),
    remove: (...cells) => queue.call("hostCollections.remove", ...cells),
    entries: (...cells) => queue.call("hostCollections.entries", ...cells),
    clear: (...cells) => queue.call("hostCollections.clear", ...cells),
  };
}

export function archiveCalls(queue: CallQueue): Storage["archive"] {
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
