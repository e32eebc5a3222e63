// What is done to accounts, and who is told.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import bcrypt from "bcrypt";
import type { AccountProblem } from "../../src/auth/accounts.js";
import { juliet, logInByScram, raiseCurtain, romeo, VERONA, wordFor, type Stage } from "./stage.js";

/** What was told so far. */
function listen({ accounts }: Stage): string[] {
  const told: string[] = [];
  for (const event of ["created", "deleted", "disabled", "password-changed"] as const) {
    accounts.events.on(event, ({ user }) => told.push(`${user} ${event}`));
  }
  return told;
}

async function logIn({ verona }: Stage, password: string): Promise<string> {
  return wordFor(await logInByScram(verona, { user: "romeo", password, hash: "sha256" }));
}

function refusedAs(problem: AccountProblem): (error: unknown) => boolean {
  return (error) => error instanceof Error && "problem" in error && error.problem === problem;
}

describe("Creating", () => {
  test("both kinds of keys, salts of 16 octets of their own, never the password", async () => {
    const { accounts, storage } = raiseCurtain();
    await accounts.create(romeo, "wherefore");
    const record = await storage.api.get(romeo);
    const { "SHA-1": sha1, "SHA-256": sha256, ...rest } = record?.credentials ?? {};
    assert.ok(sha1 && sha256);
    assert.notEqual(sha1.salt, sha256.salt);
    assert.equal(Buffer.from(sha1.salt, "base64").length, 16);
    assert.equal(sha1.iterations, 64);
    assert.deepEqual(rest, {});
    assert.ok(!JSON.stringify(record).includes("wherefore"));
  });

  test("an account that exists already is left alone", async () => {
    const stage = raiseCurtain();
    await stage.accounts.create(romeo, "wherefore");
    await assert.rejects(stage.accounts.create(romeo, "rosaline"), refusedAs("exists"));
    assert.equal(await logIn(stage, "wherefore"), "success");
  });

  test("of two at once, one comes into being", async () => {
    const { accounts } = raiseCurtain();
    const both = await Promise.allSettled([accounts.create(romeo, "one"), accounts.create(romeo, "other")]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  });

  for (const user of ["Romeo", "romeo montague", "romeo@verona", ""]) {
    test(`"${user}" is no prepared name`, async () => {
      const { accounts } = raiseCurtain();
      await assert.rejects(accounts.create({ host: VERONA, user }, "wherefore"), refusedAs("name-not-acceptable"));
    });
  }

  for (const password of ["", "where\0fore"]) {
    test(`the password ${JSON.stringify(password)} is not acceptable`, async () => {
      const { accounts } = raiseCurtain();
      await assert.rejects(accounts.create(romeo, password), refusedAs("password-not-acceptable"));
    });
  }
});

describe("Importing", () => {
  test("with a password: as if created", async () => {
    const stage = raiseCurtain();
    await stage.accounts.importAccount(romeo, { password: "wherefore" });
    assert.equal(await logIn(stage, "wherefore"), "success");
  });

  test("with a bcrypt hash: kept as it is", async () => {
    const { accounts, storage } = raiseCurtain();
    const hash = await bcrypt.hash("wherefore", 4);
    await accounts.importAccount(romeo, { bcrypt: hash });
    assert.deepEqual((await storage.api.get(romeo))?.credentials, { bcrypt: hash });
  });

  const salt = "abcdefghijklmnopqrstuu";
  const digest = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcde";
  for (const hash of [
    `$2x$10$${salt}${digest}`,
    `$2$10$${salt}${digest}`,
    `$2b$03$${salt}${digest}`,
    `$2b$16$${salt}${digest}`,
    `$2b$1$${salt}${digest}`,
    `$2b$10$${salt}${digest}x`,
    `$2b$10$${salt}`,
    "$6$rounds=5000$salt$digest",
    "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
    "wherefore",
    "",
  ]) {
    test(`the hash "${hash}" is refused`, async () => {
      const { accounts } = raiseCurtain();
      await assert.rejects(accounts.importAccount(romeo, { bcrypt: hash }), refusedAs("hash-not-supported"));
      assert.equal(await accounts.show(romeo), undefined);
    });
  }
});

describe("Changing", () => {
  test("a new password replaces the old one", async () => {
    const stage = raiseCurtain();
    await stage.accounts.create(romeo, "rosaline");
    const told = listen(stage);
    await stage.accounts.changePassword(romeo, "juliet");
    assert.equal(await logIn(stage, "rosaline"), "not-authorized");
    assert.equal(await logIn(stage, "juliet"), "success");
    assert.deepEqual(told, ["romeo password-changed"]);
  });

  test("of passwords set at once, the last one stays", async () => {
    const stage = raiseCurtain();
    await stage.accounts.create(romeo, "rosaline");
    await Promise.all(["one", "two", "three"].map((password) => stage.accounts.changePassword(romeo, password)));
    assert.equal(await logIn(stage, "three"), "success");
  });

  test("disabled, Romeo can't log in; enabled, he can again", async () => {
    const stage = raiseCurtain();
    await stage.accounts.create(romeo, "wherefore");
    const told = listen(stage);
    await stage.accounts.disable(romeo);
    assert.equal(await logIn(stage, "wherefore"), "account-disabled");
    await stage.accounts.enable(romeo);
    assert.equal(await logIn(stage, "wherefore"), "success");
    assert.deepEqual(told, ["romeo disabled"]);
  });

  test("deleted, he is as if he had never been", async () => {
    const stage = raiseCurtain();
    const told = listen(stage);
    await stage.accounts.create(romeo, "wherefore");
    await stage.accounts.delete(romeo);
    assert.equal(await logIn(stage, "wherefore"), "not-authorized");
    assert.equal(await stage.accounts.show(romeo), undefined);
    assert.deepEqual(told, ["romeo created", "romeo deleted"]);
  });

  test("nothing can be done to one who is not there, and nobody is told", async () => {
    const stage = raiseCurtain();
    const told = listen(stage);
    const { accounts } = stage;
    for (const change of [
      () => accounts.changePassword(romeo, "wherefore"),
      () => accounts.disable(romeo),
      () => accounts.enable(romeo),
      () => accounts.delete(romeo),
    ]) {
      await assert.rejects(change(), refusedAs("not-found"));
    }
    assert.deepEqual(told, []);
  });

  test("storage that fails is passed on, and nobody is told", async () => {
    const stage = raiseCurtain();
    await stage.accounts.create(romeo, "wherefore");
    const told = listen(stage);
    stage.storage.fail = new Error("no disk");
    await assert.rejects(stage.accounts.delete(romeo), /no disk/);
    await assert.rejects(stage.accounts.changePassword(romeo, "rosaline"), /no disk/);
    stage.storage.fail = undefined;
    assert.deepEqual(told, []);
    await stage.accounts.changePassword(romeo, "rosaline");
    assert.deepEqual(told, ["romeo password-changed"]);
  });
});

describe("Looking", () => {
  test("a summary has nothing that helps to guess the password", async () => {
    const { accounts } = raiseCurtain();
    await accounts.create(romeo, "wherefore");
    const { createdAt, ...summary } = (await accounts.show(romeo)) ?? { createdAt: 0 };
    assert.ok(createdAt > 0);
    const credentials = ["SCRAM-SHA-256", "SCRAM-SHA-1"];
    assert.deepEqual(summary, { ...romeo, isDisabled: false, credentials });
  });

  test("a list comes in pages, by name", async () => {
    const { accounts } = raiseCurtain();
    for (const key of [romeo, juliet, { host: VERONA, user: "mercutio" }]) await accounts.create(key, "wherefore");
    const users = async (after: string) => (await accounts.list(VERONA, after, 2)).map(({ user }) => user);
    assert.deepEqual(await users(""), ["juliet", "mercutio"]);
    assert.deepEqual(await users("mercutio"), ["romeo"]);
  });
});
