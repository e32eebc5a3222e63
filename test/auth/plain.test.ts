// PLAIN, and accounts that were brought from elsewhere with a bcrypt hash.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import bcrypt from "bcrypt";
import { nodePrimitives, type ScramHash } from "../../src/auth/primitives.js";
import { deriveScramKeys } from "../../src/auth/scram-keys.js";
import type { Credentials } from "../../src/storage/records.js";
import { channel, inClear, logInByPlain, logInByScram, raiseCurtain, romeo, wordFor, type Stage } from "./stage.js";

const PASSWORD = "wherefore art thou";

async function withRomeo(): Promise<Stage> {
  const stage = raiseCurtain();
  await stage.accounts.create(romeo, PASSWORD);
  return stage;
}

async function withImportedRomeo(password = PASSWORD, prefix = "$2b$"): Promise<Stage> {
  const stage = raiseCurtain();
  const hash = (await bcrypt.hash(password, 4)).replace(/^\$2.\$/, prefix);
  await stage.accounts.importAccount(romeo, { bcrypt: hash });
  return stage;
}

describe("PLAIN", () => {
  test("the right password", async () => {
    const { verona } = await withRomeo();
    const identity = { user: "romeo", mechanism: "PLAIN", isAnonymous: false };
    assert.deepEqual(await logInByPlain(verona, "Romeo", PASSWORD), { kind: "success", identity, data: undefined });
  });

  test("a wrong password", async () => {
    const { verona } = await withRomeo();
    assert.equal(wordFor(await logInByPlain(verona, "romeo", "rosaline")), "not-authorized");
  });

  test("is not there on a channel in clear", async () => {
    const { verona } = await withRomeo();
    assert.equal(verona.begin("PLAIN", inClear), undefined);
  });

  test("without initial data the server asks with an empty challenge", async () => {
    const { verona } = await withRomeo();
    const exchange = verona.begin("PLAIN", channel());
    assert.deepEqual(await exchange?.start(undefined), { kind: "challenge", data: Buffer.alloc(0) });
    const step = await exchange?.respond(Buffer.from(`\0romeo\0${PASSWORD}`));
    assert.equal(step?.kind, "success");
  });

  for (const [authzid, expected] of [
    ["romeo@verona.lit", "success"],
    ["romeo", "success"],
    ["juliet@verona.lit", "invalid-authzid"],
    ["romeo@mantua.lit", "invalid-authzid"],
    ["romeo@verona.lit/orchard", "invalid-authzid"],
  ] as const) {
    test(`the authorization identity ${authzid}: ${expected}`, async () => {
      const { verona } = await withRomeo();
      assert.equal(wordFor(await logInByPlain(verona, "romeo", PASSWORD, { authzid })), expected);
    });
  }

  const malformed: Readonly<Record<string, string>> = {
    nothing: "",
    "one part": "romeo",
    "two parts": "romeo\0wherefore",
    "four parts": "\0romeo\0wherefore\0art",
    "no name": "\0\0wherefore",
    "no password": "\0romeo\0",
    "too much": `\0romeo\0${"wherefore".repeat(400)}`,
  };
  for (const [what, message] of Object.entries(malformed)) {
    test(`${what}: malformed-request`, async () => {
      const { verona } = await withRomeo();
      const step = await verona.begin("PLAIN", channel())?.start(Buffer.from(message));
      assert.ok(step && wordFor(step) === "malformed-request");
    });
  }

  test("bad UTF-8: malformed-request", async () => {
    const { verona } = await withRomeo();
    const message = Buffer.concat([Buffer.from("\0romeo\0"), Buffer.from([0xff])]);
    const step = await verona.begin("PLAIN", channel())?.start(message);
    assert.ok(step && wordFor(step) === "malformed-request");
  });

  for (const [what, change, expected] of [
    ["disabled", (stage: Stage) => stage.accounts.disable(romeo), "account-disabled"],
    ["deleted", (stage: Stage) => stage.accounts.delete(romeo), "not-authorized"],
    ["given another password", (stage: Stage) => stage.accounts.changePassword(romeo, "rosaline"), "not-authorized"],
  ] as const) {
    test(`an account that is ${what} while the password is checked: ${expected}`, async () => {
      const stage = await withRomeo();
      stage.storage.beforeSecondRead = () => change(stage);
      assert.equal(wordFor(await logInByPlain(stage.verona, "romeo", PASSWORD)), expected);
    });
  }

  test("storage that fails: temporary-auth-failure, and the fault is reported", async () => {
    const { verona, storage, faults } = await withRomeo();
    storage.fail = new Error("the disk is full of apothecaries");
    assert.equal(wordFor(await logInByPlain(verona, "romeo", PASSWORD)), "temporary-auth-failure");
    assert.deepEqual(faults, [storage.fail]);
  });

  for (const [what, credentials] of [
    ["fewer iterations than new ones get", { "SHA-1": 32, "SHA-256": 32 }],
    ["only SHA-1", { "SHA-1": 64 }],
  ] as const) {
    test(`keys with ${what} are renewed`, async () => {
      const { verona, storage, accounts } = raiseCurtain();
      const keys = Object.entries(credentials).map(async ([hash, iterations]) => [
        hash,
        await deriveScramKeys(nodePrimitives, hash as ScramHash, PASSWORD, Buffer.alloc(16), iterations),
      ]);
      const old = Object.fromEntries(await Promise.all(keys)) as Credentials;
      await storage.api.create({ ...romeo, credentials: old, isDisabled: false, createdAt: 0 });
      assert.equal(wordFor(await logInByPlain(verona, "romeo", PASSWORD)), "success");
      const renewed = (await storage.api.get(romeo))?.credentials;
      assert.deepEqual([renewed?.["SHA-1"]?.iterations, renewed?.["SHA-256"]?.iterations], [64, 64]);
      assert.deepEqual((await accounts.show(romeo))?.credentials, ["SCRAM-SHA-256", "SCRAM-SHA-1"]);
    });
  }

  test("keys that are up to date stay as they are", async () => {
    const { verona, storage } = await withRomeo();
    const before = await storage.api.get(romeo);
    await logInByPlain(verona, "romeo", PASSWORD);
    assert.deepEqual(await storage.api.get(romeo), before);
  });
});

describe("An account imported with a bcrypt hash", () => {
  for (const prefix of ["$2a$", "$2b$", "$2y$"]) {
    test(`${prefix}: PLAIN lets Romeo in and leaves SCRAM keys instead of the hash`, async () => {
      const { verona, storage } = await withImportedRomeo(PASSWORD, prefix);
      assert.equal(wordFor(await logInByPlain(verona, "romeo", PASSWORD)), "success");
      const record = await storage.api.get(romeo);
      assert.deepEqual(Object.keys(record?.credentials ?? {}).sort(), ["SHA-1", "SHA-256"]);
      for (const hash of ["sha1", "sha256"] as const) {
        assert.equal(wordFor(await logInByScram(verona, { user: "romeo", password: PASSWORD, hash })), "success");
      }
    });
  }

  test("a wrong password changes nothing", async () => {
    const { verona, accounts } = await withImportedRomeo();
    assert.equal(wordFor(await logInByPlain(verona, "romeo", "rosaline")), "not-authorized");
    assert.deepEqual((await accounts.show(romeo))?.credentials, ["bcrypt"]);
  });

  test("a password that was hashed as typed, unprepared", async () => {
    const typed = "caf\u0065\u0301"; // the preparation composes the accent
    const { verona } = await withImportedRomeo(typed);
    assert.equal(wordFor(await logInByPlain(verona, "romeo", typed)), "success");
    const outcome = await logInByScram(verona, { user: "romeo", password: typed.normalize("NFKC"), hash: "sha256" });
    assert.equal(wordFor(outcome), "success");
  });

  test("two of Romeo's clients at once: both get in", async () => {
    const { verona } = await withImportedRomeo();
    const both = [logInByPlain(verona, "romeo", PASSWORD), logInByPlain(verona, "romeo", PASSWORD)];
    assert.deepEqual((await Promise.all(both)).map(wordFor), ["success", "success"]);
  });

  test("keys that were derived for an older password don't replace newer ones", async () => {
    const { accounts, storage, verona } = await withImportedRomeo();
    const proved = (await storage.api.get(romeo))?.credentials ?? {};
    const late = accounts.renewKeys(romeo, proved, PASSWORD);
    const change = accounts.changePassword(romeo, "parting is such sweet sorrow");
    assert.equal(await late, true);
    await change;
    assert.equal(await accounts.renewKeys(romeo, proved, PASSWORD), false);
    assert.equal(wordFor(await logInByPlain(verona, "romeo", "parting is such sweet sorrow")), "success");
  });

  test("keys that can't be stored are reported, and Romeo is in all the same", async () => {
    const { verona, storage, faults } = await withImportedRomeo();
    const fault = new Error("the disk is full of apothecaries");
    Object.assign(storage.api, { setCredentials: () => Promise.reject(fault) });
    assert.equal(wordFor(await logInByPlain(verona, "romeo", PASSWORD)), "success");
    assert.deepEqual(faults, [fault]);
  });

  test("disabled: told so after the right password, and the hash stays", async () => {
    const { verona, accounts } = await withImportedRomeo();
    await accounts.disable(romeo);
    assert.equal(wordFor(await logInByPlain(verona, "romeo", PASSWORD)), "account-disabled");
    assert.deepEqual((await accounts.show(romeo))?.credentials, ["bcrypt"]);
  });
});
