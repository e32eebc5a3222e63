// Nobody learns from logging in which accounts exist (RFC 6120 §13.11).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AccountKey } from "../../src/storage/records.js";
import { ScramClient } from "../support/scram-client.js";
import {
  channel,
  juliet,
  logInByPlain,
  logInByScram,
  raiseCurtain,
  romeo,
  VERONA,
  wordFor,
  type Counts,
  type Stage,
} from "./stage.js";

/** bcrypt of "wherefore", cost 4. */
const BCRYPT = "$2b$04$ek0DOl/k36TTdVrclk/.L.AllDTWYLSUrvQJbcl9xisT0M2FwWJ8O";
const tybalt: AccountKey = { host: VERONA, user: "tybalt" };

/** Romeo is an account like any other, Juliet is disabled, Tybalt was imported, Queen Mab is not there. */
async function withAll(options = {}): Promise<Stage> {
  const stage = raiseCurtain(options);
  await stage.accounts.create(romeo, "wherefore");
  await stage.accounts.create(juliet, "wherefore");
  await stage.accounts.disable(juliet);
  await stage.accounts.importAccount(tybalt, { bcrypt: BCRYPT });
  return stage;
}

const EVERYBODY = ["romeo", "juliet", "tybalt", "mab"];

/** What one wrong login costs: cryptography, reads of storage, and time spent waiting. */
async function cost(stage: Stage, play: () => Promise<unknown>): Promise<Counts & { reads: number; slept: number }> {
  const { counts, storage, clock } = stage;
  const before = { ...counts, reads: storage.reads, slept: clock.time };
  await play();
  return {
    digest: counts.digest - before.digest,
    hmac: counts.hmac - before.hmac,
    pbkdf2: counts.pbkdf2 - before.pbkdf2,
    bcrypt: counts.bcrypt - before.bcrypt,
    reads: storage.reads - before.reads,
    slept: clock.time - before.slept,
  };
}

async function challenge({ verona }: Stage, user: string, hash: "sha1" | "sha256"): Promise<RegExpExecArray> {
  const client = new ScramClient({ user, password: "", hash });
  const step = await verona.begin(hash === "sha1" ? "SCRAM-SHA-1" : "SCRAM-SHA-256", channel())?.start(client.first());
  assert.ok(step?.kind === "challenge");
  const parts = /^r=(\S+),s=([A-Za-z0-9+/]{22}==),i=(\d+)$/.exec(step.data.toString());
  assert.ok(parts, step.data.toString());
  return parts;
}

describe("SCRAM with a wrong password", () => {
  for (const hash of ["sha1", "sha256"] as const) {
    for (const user of EVERYBODY) {
      test(`${user}, ${hash}: the same answers for the same work`, async () => {
        const stage = await withAll();
        const logIn = () => logInByScram(stage.verona, { user, password: "rosaline", hash });
        assert.equal(wordFor(await logIn()), "not-authorized");
        // One HMAC and one digest for the proof; keys and decoys are looked up alike.
        const expected = { digest: 1, hmac: 1, pbkdf2: 0, bcrypt: 0, reads: 1, slept: 0 };
        assert.deepEqual(await cost(stage, logIn), expected);
      });
    }
  }

  test("an imported account's right password is refused too: the client falls back to PLAIN", async () => {
    const { verona } = await withAll();
    const outcome = await logInByScram(verona, { user: "tybalt", password: "wherefore", hash: "sha256" });
    assert.equal(wordFor(outcome), "not-authorized");
  });
});

describe("Salts of accounts that have none", () => {
  for (const user of ["tybalt", "mab"]) {
    test(`${user}: stable, over restarts too, but not the same for both hashes`, async () => {
      const salt = async (stage: Stage, hash: "sha1" | "sha256") => (await challenge(stage, user, hash))[2];
      const stage = await withAll();
      const [first, again, restarted, sha1] = [
        await salt(stage, "sha256"),
        await salt(stage, "sha256"),
        await salt(await withAll(), "sha256"),
        await salt(stage, "sha1"),
      ];
      assert.equal(first, again);
      assert.equal(first, restarted);
      assert.notEqual(first, sha1);
    });
  }

  test("each name has its own", async () => {
    const stage = await withAll();
    const names = ["mab", "oberon", "puck", "titania"];
    const salts = await Promise.all(names.map(async (user) => (await challenge(stage, user, "sha256"))[2]));
    assert.equal(new Set(salts).size, names.length);
  });

  test("iterations are any of those that accounts have, the same for both hashes", async () => {
    const stage = raiseCurtain({ scram_iterations: 20_000, former_scram_iterations: [10_000] });
    const names = Array.from({ length: 40 }, (_, index) => `fairy${index}`);
    const counts = await Promise.all(
      names.map(async (user) => {
        const [sha1, sha256] = [await challenge(stage, user, "sha1"), await challenge(stage, user, "sha256")];
        assert.equal(sha1[3], sha256[3]);
        return sha1[3];
      }),
    );
    assert.deepEqual([...new Set(counts)].sort(), ["10000", "20000"]);
  });
});

describe("PLAIN with a wrong password", () => {
  for (const user of EVERYBODY) {
    test(`${user}: one PBKDF2, and the answer at the next half second`, async () => {
      const stage = await withAll();
      const { bcrypt, ...rest } = await cost(stage, async () => {
        assert.equal(wordFor(await logInByPlain(stage.verona, user, "rosaline")), "not-authorized");
      });
      assert.deepEqual(rest, { digest: 1, hmac: 1, pbkdf2: 1, reads: 1, slept: 500 });
      assert.equal(bcrypt, user === "tybalt" ? 1 : 0);
    });
  }

  test("slow work moves the answer to a later half second, never in between", async () => {
    const stage = await withAll();
    stage.storage.beforeRead = () => (stage.clock.time += 730);
    await logInByPlain(stage.verona, "romeo", "rosaline");
    assert.equal(stage.clock.time, 1000);
  });
});

describe("A disabled account", () => {
  test("says so to its owner only", async () => {
    const { verona } = await withAll();
    const outcomes = [
      await logInByScram(verona, { user: "juliet", password: "wherefore", hash: "sha256" }),
      await logInByPlain(verona, "juliet", "wherefore"),
      await logInByScram(verona, { user: "juliet", password: "rosaline", hash: "sha256" }),
      await logInByPlain(verona, "juliet", "rosaline"),
    ];
    const expected = ["account-disabled", "account-disabled", "not-authorized", "not-authorized"];
    assert.deepEqual(outcomes.map(wordFor), expected);
  });
});
