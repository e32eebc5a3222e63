// The shapes of extensions' stores: codecs, stores that are read from storage, stores in memory with their account.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { json, number, stringSet, text, type Codec } from "../../src/storage/codecs.js";
import { memoryStorage } from "../../src/storage/memory/memory-storage.js";
import type { AccountState } from "../../src/storage/records.js";
import {
  archive,
  perHost,
  perHostMap,
  perHostMaps,
  perUser,
  perUserMap,
  type StoresOf,
} from "../../src/storage/shapes.js";
import type { Storage } from "../../src/storage/storage.js";
import type { HotAccounts, StorePlace } from "../../src/storage/stores.js";
import { juliet, romeo } from "./people.js";

/** An account cache without bounds. */
class Cache implements HotAccounts {
  readonly #states = new Map<string, AccountState>();
  readonly #loads = new Map<string, Promise<AccountState | undefined>>();

  constructor(
    private readonly storage: Storage,
    private readonly hot: readonly string[],
  ) {}

  find(user: string) {
    return this.#states.get(user)?.values;
  }

  async load(user: string) {
    const known = this.#states.get(user);
    if (known !== undefined) return known.values;
    const loading = this.#loads.get(user) ?? this.storage.accounts.load({ host: romeo.host, user }, this.hot);
    this.#loads.set(user, loading);
    const state = await loading;
    this.#loads.delete(user);
    if (state !== undefined) this.#states.set(user, state);
    return state?.values;
  }

  evict(user: string): void {
    this.#states.delete(user);
  }
}

/** Two lovers have accounts; nobody is loaded yet. */
async function verona(hot: readonly string[]): Promise<{ cache: Cache; placed: (name: string) => StorePlace }> {
  const storage = memoryStorage();
  await Promise.all([storage.accounts.create(romeo), storage.accounts.create(juliet)]);
  const cache = new Cache(storage, hot);
  return { cache, placed: (name) => ({ storage, host: romeo.host, name, hotAccounts: cache }) };
}

function assertKept<T>(codec: Codec<T>, value: T): void {
  assert.deepEqual(codec.decode(codec.encode(value)), value);
}

describe("codecs", () => {
  test("what is encoded is decoded to the same", () => {
    assertKept(text, 'O ♥, \'tis "love"');
    assertKept(number, -0.5);
    assertKept(stringSet, new Set(["tybalt", "paris", ""]));
    assertKept(json(isPair), [1, "a"]);
  });

  test("what is of another form is refused", () => {
    const unreadable = { name: "StorageError", code: "unreadable" };
    assert.throws(() => number.decode('"1"'), unreadable);
    assert.throws(() => number.decode("1e999"), unreadable);
    assert.throws(() => stringSet.decode('["a", 1]'), unreadable);
    assert.throws(() => stringSet.decode("{"), unreadable);
    assert.throws(() => json(isPair).decode("[1]"), unreadable);
  });
});

describe("shapes", () => {
  test("stores that are not hot read from storage, each by itself", async () => {
    const { placed } = await verona([]);
    const shapes = {
      mood: perUser(text),
      notes: perUserMap(number),
      motd: perHost(text),
      rooms: perHostMap(stringSet),
    };
    const stores: StoresOf<typeof shapes> = {
      mood: shapes.mood.bind(placed("mood")),
      notes: shapes.notes.bind(placed("notes")),
      motd: shapes.motd.bind(placed("motd")),
      rooms: shapes.rooms.bind(placed("rooms")),
    };
    await Promise.all([
      stores.mood.set("romeo", "sad"),
      stores.notes.set("romeo", "two", 2),
      stores.notes.set("romeo", "one", 1),
      stores.motd.set("peace"),
      stores.rooms.set("ball", new Set(["masks"])),
    ]);
    assert.equal(await stores.mood.get("romeo"), "sad");
    assert.equal(await stores.mood.get("juliet"), undefined);
    assert.deepEqual(
      [...(await stores.notes.entries("romeo"))],
      [
        ["one", 1],
        ["two", 2],
      ],
    );
    assert.equal(await stores.motd.get(), "peace");
    assert.deepEqual(await stores.rooms.get("ball"), new Set(["masks"]));
    await Promise.all([stores.mood.remove("romeo"), stores.notes.remove("romeo", "one"), stores.motd.remove()]);
    await stores.rooms.remove("ball");
    assert.equal(await stores.mood.get("romeo"), undefined);
    assert.equal(await stores.notes.get("romeo", "one"), undefined);
    assert.equal(await stores.motd.get(), undefined);
    assert.equal((await stores.rooms.entries()).size, 0);
    await assert.rejects(stores.mood.set("paris", "hopeful"), { code: "no-account" });
  });

  test("maps of a host are read page by page, and named maps each by itself", async () => {
    const { placed } = await verona([]);
    const rooms = perHostMap(number).bind(placed("rooms"));
    const nicknames = perHostMaps(text).bind(placed("nicknames"));
    await Promise.all([rooms.set("crypt", 1), rooms.set("ball", 2), rooms.set("balcony", 3)]);
    assert.deepEqual([...(await rooms.page("", 2)).values()], [3, 2]);
    assert.deepEqual(await rooms.page("ball", 2), new Map([["crypt", 1]]));
    await Promise.all([
      nicknames.set("ball", "tybalt@verona.example", "Prince of Cats"),
      nicknames.set("ball", "romeo@verona.example", "Pilgrim"),
      nicknames.set("crypt", "romeo@verona.example", "Romeo"),
    ]);
    assert.equal(await nicknames.get("ball", "romeo@verona.example"), "Pilgrim");
    assert.deepEqual([...(await nicknames.entries("ball")).values()], ["Pilgrim", "Prince of Cats"]);
    await nicknames.remove("ball", "romeo@verona.example");
    assert.equal((await nicknames.entries("ball")).size, 1);
    await nicknames.clear("ball");
    assert.equal((await nicknames.entries("ball")).size, 0);
    assert.equal((await nicknames.entries("crypt")).size, 1);
  });

  test("archives keep messages by owner, and owners need no account", async () => {
    const { placed } = await verona([]);
    const history = archive().bind(placed("history"));
    const said = (id: string, at: number) => ({ id, at, with: "", stanza: `<message id='${id}'/>` });
    await Promise.all([history.append("ball", said("a", 1)), history.append("ball", said("b", 2))]);
    await history.append("crypt", said("a", 3));
    assert.deepEqual(await history.first("ball", 1), [said("a", 1)]);
    assert.deepEqual(await history.last("ball", 9, { after: "a" }), [said("b", 2)]);
    assert.equal(await history.count("ball"), 2);
    assert.equal(await history.replace("ball", "b", "<gone/>"), true);
    assert.equal((await history.get("ball", "b"))?.stanza, "<gone/>");
    assert.equal(await history.trim("ball", { keep: 1 }), 1);
    await history.clear("ball");
    assert.deepEqual(await history.last("ball", 9), []);
    assert.equal(await history.count("crypt"), 1);
    assert.equal(await archive().bind(placed("another")).count("crypt"), 0);
  });

  test("a hot store is read synchronously, and a change is seen before it is durable", async () => {
    const { cache, placed } = await verona(["blocklist"]);
    const blocked = perUser(stringSet, { hot: true }).bind(placed("blocklist"));
    await cache.load("juliet");
    assert.equal(blocked.get("juliet"), undefined);
    const durable = blocked.set("juliet", new Set(["paris"]));
    assert.deepEqual(blocked.get("juliet"), new Set(["paris"]));
    await durable;
    cache.evict("juliet");
    await cache.load("juliet");
    assert.deepEqual(blocked.get("juliet"), new Set(["paris"]));
    await blocked.remove("juliet");
    assert.equal(blocked.get("juliet"), undefined);
  });

  test("a change that is under way when an account is loaded again is not lost", async () => {
    const { cache, placed } = await verona(["push"]);
    const push = perUserMap(number, { hot: true }).bind(placed("push"));
    await cache.load("romeo");
    const durable = push.set("romeo", "phone", 1);
    cache.evict("romeo");
    await cache.load("romeo");
    assert.deepEqual([...push.entries("romeo")], [["phone", 1]]);
    await durable;
  });

  test("changing a cold account loads it first; reading one is a mistake that is told", async () => {
    const { cache, placed } = await verona(["push"]);
    const push = perUserMap(number, { hot: true }).bind(placed("push"));
    assert.throws(() => push.get("romeo", "phone"), /push: romeo is read before the account is loaded/);
    await Promise.all([push.set("romeo", "phone", 1), push.set("romeo", "laptop", 2), push.remove("romeo", "phone")]);
    assert.deepEqual([...push.entries("romeo")], [["laptop", 2]]);
    await assert.rejects(push.set("paris", "phone", 1), { code: "no-account" });
    await push.remove("paris", "phone");
    assert.equal(cache.find("paris"), undefined);
  });
});

function isPair(value: unknown): value is [number, string] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "number" && typeof value[1] === "string";
}
