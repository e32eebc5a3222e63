// All parts together, on the storage driver that other tests use, and with options that change meanwhile.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAuthentication } from "../../src/auth/authentication.js";
import { preparation } from "../../src/auth/jid-preparation.js";
import { loginOptions, type LoginOptions } from "../../src/auth/section.js";
import { valuesOf } from "../../src/config/table.js";
import { memoryStorage } from "../../src/storage/memory/memory-storage.js";
import { channel, logInByPlain, logInByScram, romeo, StageClock, VERONA, wordFor } from "./stage.js";

function open() {
  let options: LoginOptions = valuesOf(loginOptions.options);
  const authentication = createAuthentication({
    accounts: memoryStorage().accounts,
    secret: Buffer.alloc(32, 1),
    preparation,
    optionsOf: () => options,
    onFault: (error) => assert.fail(String(error)),
    clock: new StageClock(),
  });
  const reload = (changes: Partial<LoginOptions>) => (options = { ...options, ...changes });
  return { ...authentication, verona: authentication.authenticator(VERONA), reload };
}

test("An account's life", async () => {
  const { accounts, verona } = open();
  const byScram = async (password: string) =>
    wordFor(await logInByScram(verona, { user: "romeo", password, hash: "sha256" }));
  assert.equal(await byScram("wherefore"), "not-authorized");
  await accounts.create(romeo, "wherefore");
  assert.equal(await byScram("wherefore"), "success");
  await accounts.changePassword(romeo, "rosaline");
  assert.equal(await byScram("wherefore"), "not-authorized");
  assert.equal(await byScram("rosaline"), "success");
  await accounts.disable(romeo);
  assert.equal(await byScram("rosaline"), "account-disabled");
  await accounts.enable(romeo);
  assert.equal(wordFor(await logInByPlain(verona, "romeo", "rosaline")), "success");
  await accounts.delete(romeo);
  assert.equal(await byScram("rosaline"), "not-authorized");
});

test("Reloaded options hold for the next login and the next password", async () => {
  const { accounts, verona, reload } = open();
  await accounts.create(romeo, "wherefore");
  reload({ mechanisms: ["PLAIN"], scram_iterations: 12_000 });
  assert.deepEqual(verona.mechanisms(channel()), ["PLAIN"]);
  await logInByPlain(verona, "romeo", "wherefore");
  reload({ mechanisms: ["SCRAM-SHA-1"] });
  for (const user of ["romeo", "mab"]) {
    const step = await verona.begin("SCRAM-SHA-1", channel())?.start(Buffer.from(`n,,n=${user},r=rose`));
    assert.ok(step?.kind === "challenge");
    assert.match(step.data.toString(), /,i=12000$/);
  }
});
