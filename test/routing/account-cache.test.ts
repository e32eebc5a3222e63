// The accounts in memory: loaded once and in order, pinned while they are in use, else pushed out by newer ones.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid } from "../../src/jid/jid.js";
import { AccountCache } from "../../src/routing/account-cache.js";
import { LocalAccount } from "../../src/routing/local-account.js";
import type { AccountState } from "../../src/storage/records.js";
import { memoryStorage } from "../../src/storage/memory/memory-storage.js";
import type { Storage } from "../../src/storage/storage.js";

const host = "verona.example";
const jidOf = (user: string): Jid => Jid.of(user, host);

/** A storage whose reads wait until they are let go, and may fail. */
class SlowStorage {
  readonly reads: { user: string; finish: (outcome: "found" | "nobody" | Error) => void }[] = [];
  readonly real = memoryStorage();
  readonly storage: Storage = {
    ...this.real,
    waitingCalls: 0,
    accounts: {
      ...this.real.accounts,
      load: ({ user }) =>
        new Promise((resolve, reject) => {
          const finish = (outcome: "found" | "nobody" | Error): void => {
            if (outcome instanceof Error) reject(outcome);
            else resolve(outcome === "found" ? stateOf(user) : undefined);
          };
          this.reads.push({ user, finish });
        }),
    },
  };

  /** Lets the oldest read go, and everything that follows from it. */
  async finish(outcome: "found" | "nobody" | Error = "found"): Promise<void> {
    this.reads.shift()?.finish(outcome);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function stateOf(user: string): AccountState {
  const account = { host, user, credentials: {}, isDisabled: false, createdAt: 0 };
  return { account, rosterVersion: 0, rosterRemovalVersion: 0, roster: [], requests: [], values: { "x.y": { "": user } } };
} // prettier-ignore

function stageOf(capacity = 2) {
  const slow = new SlowStorage();
  const refused: unknown[] = [];
  const cache = new AccountCache(host, slow.storage, ["x.y"], capacity, (error) => void refused.push(error));
  const enter = async (user: string): Promise<LocalAccount> => {
    const account = cache.get(jidOf(user));
    await slow.finish();
    return (await account) ?? assert.fail();
  };
  return { slow, cache, refused, enter };
}

test("an account is read once, and those who wait for it are called in order", async () => {
  const { slow, cache } = stageOf();
  const called: string[] = [];
  for (const name of ["first", "second", "third"]) cache.with(jidOf("romeo"), (account) => {
    called.push(`${name} ${String(account?.jid)}`);
  }); // prettier-ignore
  assert.equal(cache.waitingFor(jidOf("romeo")), 3);
  assert.equal(called.length, 0);
  assert.equal(slow.reads.length, 1);
  await slow.finish();
  assert.deepEqual(called, ["first romeo@verona.example", "second romeo@verona.example", "third romeo@verona.example"]);
  assert.equal(cache.waitingFor(jidOf("romeo")), 0);
  cache.with(jidOf("romeo"), () => called.push("at once"));
  assert.equal(called.at(-1), "at once");
  assert.equal(slow.reads.length, 0);
});

test("whoever comes while those who waited are being called, comes behind them", async () => {
  const { slow, cache } = stageOf();
  const called: string[] = [];
  cache.with(jidOf("romeo"), () => {
    called.push("first");
    cache.with(jidOf("romeo"), () => called.push("caused by the first"));
  });
  cache.with(jidOf("romeo"), () => called.push("second"));
  await slow.finish();
  assert.deepEqual(called, ["first", "second", "caused by the first"]);
});

test("one who waited and throws is reported, and keeps nobody from being called", async () => {
  const { slow, cache, refused } = stageOf();
  const called: string[] = [];
  cache.with(jidOf("romeo"), () => {
    throw new Error("A plague!");
  });
  cache.with(jidOf("romeo"), () => called.push("second"));
  await slow.finish();
  assert.deepEqual(called, ["second"]);
  assert.deepEqual(refused.map(String), ["Error: A plague!"]);
});

test("nobody is not remembered: who does not exist now may be made in a moment", async () => {
  const { slow, cache } = stageOf();
  const first = cache.get(jidOf("romeo"));
  await slow.finish("nobody");
  assert.equal(await first, undefined);
  const second = cache.get(jidOf("romeo"));
  await slow.finish();
  assert.equal((await second)?.jid, jidOf("romeo"));
});

test("what can't be read is not nobody: those who wait get the reason, and the next one tries again", async () => {
  const { slow, cache, refused } = stageOf();
  const got: unknown[] = [];
  cache.with(jidOf("romeo"), (account, failure) => got.push(account, failure?.message));
  const promised = assert.rejects(cache.get(jidOf("romeo")), /disk/);
  await slow.finish(new Error("The disk is on fire."));
  await promised;
  assert.deepEqual(got, [undefined, "The disk is on fire."]);
  assert.equal(refused.length, 1);
  const again = cache.get(jidOf("romeo"));
  await slow.finish();
  assert.ok(await again);
});

test("the least recently used goes first, and being asked for is use", async () => {
  const { cache, enter } = stageOf(2);
  await enter("romeo");
  await enter("juliet");
  cache.with(jidOf("romeo"), () => undefined);
  await enter("paris");
  const present = (): string[] => ["romeo", "juliet", "paris"].filter((user) => cache.peek(jidOf(user)) !== undefined);
  assert.deepEqual(present(), ["romeo", "paris"]);
  assert.equal(cache.size, 2);
});

test("pinned accounts stay, and don't count; unpinned they are the most recently used", async () => {
  const { cache, enter } = stageOf(2);
  const romeo = await enter("romeo");
  cache.pin(romeo);
  cache.pin(romeo);
  for (const user of ["juliet", "paris", "nurse"]) await enter(user);
  assert.equal(cache.peek(jidOf("romeo")), romeo);
  assert.equal(cache.size, 3);
  cache.unpin(romeo);
  await enter("tybalt");
  assert.equal(cache.peek(jidOf("romeo")), romeo);
  cache.unpin(romeo);
  assert.equal(cache.size, 2);
  assert.equal(cache.peek(jidOf("romeo")), romeo);
  await enter("benvolio");
  await enter("juliet");
  assert.equal(cache.peek(jidOf("romeo")), undefined);
});

test("an account is read anew after it has been invalidated", async () => {
  const { cache, enter } = stageOf();
  const romeo = await enter("romeo");
  cache.invalidate(jidOf("romeo"));
  assert.equal(cache.peek(jidOf("romeo")), undefined);
  assert.notEqual(await enter("romeo"), romeo);
});

test("an invalidated account does not come back when it is unpinned, and does not disturb its successor", async () => {
  const { cache, enter } = stageOf();
  const old = await enter("romeo");
  cache.pin(old);
  cache.invalidate(jidOf("romeo"));
  cache.unpin(old);
  assert.equal(cache.peek(jidOf("romeo")), undefined);
  assert.equal(cache.size, 0);
  const former = await enter("romeo");
  cache.pin(former);
  cache.invalidate(jidOf("romeo"));
  const present = await enter("romeo");
  cache.unpin(former);
  assert.equal(cache.peek(jidOf("romeo")), present);
});

test("what was being read when it was invalidated is read again before anybody gets it", async () => {
  const { slow, cache } = stageOf();
  const account = cache.get(jidOf("romeo"));
  cache.invalidate(jidOf("romeo"));
  await slow.finish("found");
  assert.equal(slow.reads.length, 1, "is read again");
  await slow.finish("nobody");
  assert.equal(await account, undefined);
});

test("an account that nothing is kept of goes when it is unpinned", () => {
  const { cache } = stageOf();
  const stranger = LocalAccount.empty(jidOf("mask"));
  cache.add(stranger);
  cache.pin(stranger);
  assert.equal(cache.peek(jidOf("mask")), stranger);
  cache.unpin(stranger);
  assert.equal(cache.size, 0);
});

test("one that is never pinned is pushed out like any other", async () => {
  const { cache, enter } = stageOf(1);
  cache.add(LocalAccount.empty(jidOf("mask")));
  await enter("romeo");
  assert.deepEqual([cache.size, cache.peek(jidOf("mask"))], [1, undefined]);
});

test("hot stores find what came with the account, as long as it is in memory", async () => {
  const { slow, cache, enter } = stageOf();
  await enter("romeo");
  assert.deepEqual(cache.find("romeo"), { "x.y": { "": "romeo" } });
  assert.equal(cache.find("juliet"), undefined);
  const loaded = cache.load("juliet");
  await slow.finish();
  assert.deepEqual(await loaded, { "x.y": { "": "juliet" } });
});
