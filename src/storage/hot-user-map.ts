// Named values that are in memory with their account: read synchronously, written through.
import type { Codec } from "./codecs.js";
import { noAccountSentence } from "./engine.js";
import { StorageError } from "./storage-error.js";
import type { HotUserMap, LoadedValues, StorePlace } from "./stores.js";

export class HotMap<T> implements HotUserMap<T> {
  readonly #codec: Codec<T>;
  readonly #place: StorePlace;
  /** By the texts that an account was loaded with, so that they go when the account leaves the cache. */
  readonly #decoded = new WeakMap<LoadedValues, Map<string, T>>();

  constructor(codec: Codec<T>, place: StorePlace) {
    this.#codec = codec;
    this.#place = place;
  }

  get(user: string, name: string): T | undefined {
    return this.entries(user).get(name);
  }

  entries(user: string): Map<string, T> {
    const values = this.#find(user);
    if (values === undefined) throw new Error(`${this.#place.name}: ${user} is read before the account is loaded.`);
    return values;
  }

  async set(user: string, name: string, value: T): Promise<void> {
    const written = this.#codec.encode(value);
    const values = this.#find(user) ?? (await this.#load(user));
    if (values === undefined) throw new StorageError("no-account", noAccountSentence);
    values.set(name, value);
    const { storage, host, name: store } = this.#place;
    await storage.userValues.set({ host, user }, store, name, written);
  }

  async remove(user: string, name: string): Promise<void> {
    const values = this.#find(user) ?? (await this.#load(user));
    values?.delete(name);
    const { storage, host, name: store } = this.#place;
    await storage.userValues.remove({ host, user }, store, name);
  }

  #find(user: string): Map<string, T> | undefined {
    return this.#decode(this.#place.hotAccounts.find(user));
  }

  async #load(user: string): Promise<Map<string, T> | undefined> {
    return this.#decode(await this.#place.hotAccounts.load(user));
  }

  /** Once for each load of the account. */
  #decode(loaded: LoadedValues | undefined): Map<string, T> | undefined {
    if (loaded === undefined) return undefined;
    const found = this.#decoded.get(loaded);
    if (found !== undefined) return found;
    const texts = Object.entries(loaded[this.#place.name] ?? {});
    const values = new Map(texts.map(([name, text]) => [name, this.#codec.decode(text)]));
    this.#decoded.set(loaded, values);
    return values;
  }
}
