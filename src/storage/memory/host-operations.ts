// Values of extensions for a host, alone and in named collections, in memory.
import type { OperationsOf } from "../engine.js";
import { compareText, entriesOf } from "./memory-account.js";

export function hostValueOperations(): OperationsOf<"hostValues"> {
  const values = new Collections();
  return {
    "hostValues.get": (host, store, name) => values.of(host, store).get(name),
    "hostValues.set": (host, store, name, value) => {
      values.of(host, store).set(name, value);
    },
    "hostValues.remove": (host, store, name) => {
      values.of(host, store).delete(name);
    },
    "hostValues.entries": (host, store) => entriesOf(values.of(host, store)),
    "hostValues.page": (host, store, after, limit) => {
      const following = entriesOf(values.of(host, store)).filter(([name]) => compareText(name, after) > 0);
      return following.slice(0, limit);
    },
  };
}

export function hostCollectionOperations(): OperationsOf<"hostCollections"> {
  const collections = new Collections();
  return {
    "hostCollections.get": (host, store, collection, name) => collections.of(host, store, collection).get(name),
    "hostCollections.set": (host, store, collection, name, value) => {
      collections.of(host, store, collection).set(name, value);
    },
    "hostCollections.remove": (host, store, collection, name) => {
      collections.of(host, store, collection).delete(name);
    },
    "hostCollections.entries": (host, store, collection) => entriesOf(collections.of(host, store, collection)),
    "hostCollections.clear": (host, store, collection) => {
      collections.of(host, store, collection).clear();
    },
  };
}

/** Maps by the texts that name them. */
class Collections {
  readonly #collections = new Map<string, Map<string, string>>();

  of(...names: readonly string[]): Map<string, string> {
    const key = JSON.stringify(names);
    const found = this.#collections.get(key) ?? new Map<string, string>();
    this.#collections.set(key, found);
    return found;
  }
}
