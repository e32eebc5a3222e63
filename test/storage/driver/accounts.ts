// What every storage driver does with accounts.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Storage } from "../../../src/storage/storage.js";
import { accountOf, itemOf, juliet, line, romeo, roomy } from "../people.js";

export function accountTests(storage: () => Storage): void {
  test("an account comes back as it was created", async () => {
    assert.equal(await storage().accounts.create(romeo), true);
    assert.deepEqual(await storage().accounts.get(romeo), romeo);
    assert.equal(await storage().accounts.get(juliet), undefined);
  });

  test("a name is given once in a host, and again in another", async () => {
    const { accounts } = storage();
    const tybalt = { ...accountOf("romeo"), isDisabled: true };
    const namesake = accountOf("romeo", "mantua.example");
    const created = await Promise.all([accounts.create(romeo), accounts.create(tybalt), accounts.create(namesake)]);
    assert.deepEqual(created, [true, false, true]);
    assert.equal((await accounts.get(romeo))?.isDisabled, false);
  });

  test("credentials and the disabled mark change; of an account that is not there, they do not", async () => {
    const { accounts } = storage();
    await accounts.create(romeo);
    assert.equal(await accounts.setCredentials(romeo, { bcrypt: "$2b$10$x" }), true);
    assert.equal(await accounts.setDisabled(romeo, true), true);
    assert.deepEqual(await accounts.get(romeo), { ...romeo, credentials: { bcrypt: "$2b$10$x" }, isDisabled: true });
    assert.equal(await accounts.setCredentials(juliet, {}), false);
    assert.equal(await accounts.setDisabled(juliet, true), false);
  });

  test("accounts are listed by user, page by page, each host for itself", async () => {
    const { accounts } = storage();
    const users = ["tybalt", "\u{1f940}", "juliet", "\uff5e", "romeo"];
    for (const user of users) await accounts.create(accountOf(user));
    await accounts.create(accountOf("balthasar", "mantua.example"));
    const page = async (after: string) => (await accounts.list("verona.example", after, 2)).map(({ user }) => user);
    assert.deepEqual(await page(""), ["juliet", "romeo"]);
    assert.deepEqual(await page("romeo"), ["tybalt", "\uff5e"]);
    assert.deepEqual(await page("\uff5e"), ["\u{1f940}"]);
    assert.deepEqual(await page("\u{1f940}"), []);
  });

  test("an account takes with it all that it owns, and a namesake starts afresh", async () => {
    const { accounts, roster, offline, userValues } = storage();
    await accounts.create(romeo);
    await roster.put(romeo, itemOf("juliet@verona.example", 7));
    await roster.putRequest(romeo, { from: "paris@verona.example", stanza: "<presence/>" });
    await offline.append(romeo, line("wherefore art thou"), 1, roomy);
    await userValues.set(romeo, "blocklist", "", "[]");
    assert.equal(await accounts.remove(romeo), true);
    assert.equal(await accounts.remove(romeo), false);
    assert.equal(await accounts.load(romeo, ["blocklist"]), undefined);
    await accounts.create(romeo);
    const state = await accounts.load(romeo, ["blocklist"]);
    assert.deepEqual(state?.roster, []);
    assert.deepEqual(state?.requests, []);
    assert.equal(state?.rosterVersion, 0);
    assert.deepEqual(Object.keys(state?.values ?? {}), []);
    assert.equal(await offline.count(romeo), 0);
    assert.deepEqual(await offline.read(romeo, 0, 10), []);
  });

  test("the hot state holds the roster, the requests and the hot stores, and no other", async () => {
    const { accounts, roster, userValues } = storage();
    await accounts.create(romeo);
    const friends = itemOf("juliet@verona.example", 2, {
      name: "Juliet ♥",
      subscription: "both",
      groups: ["Loves", "♥"],
    });
    const asking = itemOf("benvolio@verona.example", 1, { isAsking: true, isApproved: true });
    await roster.put(romeo, asking);
    await roster.put(romeo, friends);
    await roster.putRequest(romeo, { from: "tybalt@verona.example", stanza: "<presence id='1'/>" });
    await roster.putRequest(romeo, { from: "mercutio@verona.example", stanza: "<presence id='2'/>" });
    await userValues.set(romeo, "blocklist", "", '["tybalt"]');
    await userValues.set(romeo, "push", "constructor", "1");
    await userValues.set(romeo, "push", "__proto__", "2");
    await userValues.set(romeo, "private", "", "cold");
    const state = await accounts.load(romeo, ["blocklist", "push", "never used"]);
    assert.deepEqual(state?.account, romeo);
    assert.equal(state?.rosterVersion, 2);
    assert.deepEqual(state?.roster, [asking, friends]);
    assert.deepEqual(
      state?.requests.map(({ from }) => from),
      ["tybalt@verona.example", "mercutio@verona.example"],
    );
    assert.deepEqual(
      Object.entries(state?.values ?? {}).map(([store, values]) => [store, Object.entries(values)]),
      [
        ["blocklist", [["", '["tybalt"]']]],
        [
          "push",
          [
            ["__proto__", "2"],
            ["constructor", "1"],
          ],
        ],
      ],
    );
    assert.equal(await accounts.load(juliet, []), undefined);
  });
}
