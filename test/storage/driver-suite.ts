// What every storage driver does: the same tests for each of them.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { Storage } from "../../src/storage/storage.js";
import { accountOf, itemOf, juliet, line, nurse, roomy, romeo } from "./people.js";

/** A driver's storage, empty; and the same one, closed and opened again, where a driver keeps anything. */
export interface DriverUnderTest {
  open(): Promise<Storage>;
  cleanUp(): Promise<void>;
}

export function driverSuite(name: string, driver: () => DriverUnderTest): void {
  describe(`${name} storage`, () => {
    let underTest: DriverUnderTest;
    let storage: Storage;
    beforeEach(async () => {
      underTest = driver();
      storage = await underTest.open();
    });
    afterEach(async () => {
      await storage.close();
      await underTest.cleanUp();
    });
    accountTests(() => storage);
    rosterTests(() => storage);
    offlineTests(() => storage);
    valueTests(() => storage);
    orderTests(() => storage);
  });
}

function accountTests(storage: () => Storage): void {
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

function rosterTests(storage: () => Storage): void {
  test("a roster item is replaced whole, and removal is remembered by its version", async () => {
    const { accounts, roster } = storage();
    await accounts.create(romeo);
    await roster.put(romeo, itemOf("juliet@verona.example", 1, { name: "J", groups: ["Loves"] }));
    const wed = itemOf("juliet@verona.example", 2, { subscription: "both" });
    await roster.put(romeo, wed);
    await roster.put(romeo, itemOf("rosaline@verona.example", 3));
    await roster.remove(romeo, "rosaline@verona.example", 4);
    await roster.put(romeo, { ...wed, version: 5 });
    const state = await accounts.load(romeo, []);
    assert.deepEqual(state?.roster, [{ ...wed, version: 5 }]);
    assert.deepEqual([state.rosterVersion, state.rosterRemovalVersion], [5, 4]);
  });

  test("a sender has one request at a time, in the place of the first", async () => {
    const { accounts, roster } = storage();
    await accounts.create(juliet);
    await roster.putRequest(juliet, { from: "romeo@verona.example", stanza: "<presence id='1'/>" });
    await roster.putRequest(juliet, { from: "paris@verona.example", stanza: "<presence id='2'/>" });
    await roster.putRequest(juliet, { from: "romeo@verona.example", stanza: "<presence id='3'/>" });
    const romeoAgain = { from: "romeo@verona.example", stanza: "<presence id='3'/>" };
    const paris = { from: "paris@verona.example", stanza: "<presence id='2'/>" };
    assert.deepEqual((await accounts.load(juliet, []))?.requests, [romeoAgain, paris]);
    await roster.removeRequest(juliet, "romeo@verona.example");
    assert.deepEqual((await accounts.load(juliet, []))?.requests, [paris]);
  });

  test("nothing is written for an account that is not there, and nothing to remove is no error", async () => {
    const { roster, offline, userValues } = storage();
    const noAccount = { name: "StorageError", code: "no-account" };
    await assert.rejects(roster.put(nurse, itemOf("juliet@verona.example", 1)), noAccount);
    await assert.rejects(roster.putRequest(nurse, { from: "peter@verona.example", stanza: "<presence/>" }), noAccount);
    await assert.rejects(offline.append(nurse, line("my fan, Peter"), 1, roomy), noAccount);
    await assert.rejects(userValues.set(nurse, "private", "", ""), noAccount);
    await roster.remove(nurse, "juliet@verona.example", 2);
    await roster.removeRequest(nurse, "peter@verona.example");
    await offline.removeThrough(nurse, 5);
    await userValues.remove(nurse, "private", "");
    assert.equal(await userValues.get(nurse, "private", ""), undefined);
    assert.deepEqual(await userValues.entries(nurse, "private"), []);
    assert.equal(await offline.count(nurse), 0);
  });
}

function offlineTests(storage: () => Storage): void {
  test("offline messages are read oldest first, page by page, and removed through a number", async () => {
    const { accounts, offline } = storage();
    await accounts.create(romeo);
    await accounts.create(juliet);
    for (const body of ["but soft", "what light", "through yonder window", "breaks"]) {
      assert.equal(await offline.append(juliet, line(body), 1000, roomy), true);
      await offline.append(romeo, line(`you said: ${body}`), 1000, roomy);
    }
    const [first, second] = await offline.read(juliet, 0, 2);
    assert.deepEqual([first?.stanza, second?.stanza], [line("but soft"), line("what light")]);
    assert.equal(first?.storedAt, 1000);
    const rest = await offline.read(juliet, second?.sequence ?? 0, 10);
    assert.deepEqual(
      rest.map(({ stanza }) => stanza),
      [line("through yonder window"), line("breaks")],
    );
    await offline.removeThrough(juliet, rest[0]?.sequence ?? 0);
    assert.deepEqual(
      (await offline.read(juliet, 0, 10)).map(({ stanza }) => stanza),
      [line("breaks")],
    );
    assert.deepEqual([await offline.count(juliet), await offline.count(romeo)], [1, 4]);
  });

  test("a number is never used twice, so a late removal takes no newer message", async () => {
    const { accounts, offline } = storage();
    await accounts.create(juliet);
    await offline.append(juliet, line("ay me"), 1, roomy);
    const [first] = await offline.read(juliet, 0, 1);
    await offline.removeThrough(juliet, first?.sequence ?? 0);
    await offline.append(juliet, line("O Romeo"), 2, roomy);
    await offline.removeThrough(juliet, first?.sequence ?? 0);
    assert.equal(await offline.count(juliet), 1);
  });

  test("the quota counts messages and bytes, and what is removed makes room", async () => {
    const { accounts, offline } = storage();
    await accounts.create(juliet);
    const heart = "♥♥";
    const append = (stanza: string, messages: number, bytes: number) =>
      offline.append(juliet, stanza, 1, { messages, bytes });
    assert.equal(await append(heart, 2, 5), false);
    assert.equal(await append(heart, 2, 6), true);
    assert.equal(await append("x", 2, 6), false);
    assert.equal(await append("x", 1, 100), false);
    assert.equal(await append("xyz", 2, 9), true);
    const [first] = await offline.read(juliet, 0, 1);
    await offline.removeThrough(juliet, first?.sequence ?? 0);
    assert.equal(await append(heart, 2, 8), false);
    assert.equal(await append("ab", 2, 5), true);
    assert.deepEqual(
      (await offline.read(juliet, 0, 10)).map(({ stanza }) => stanza),
      ["xyz", "ab"],
    );
  });
}

function valueTests(storage: () => Storage): void {
  test("values of a user are kept by store and name", async () => {
    const { accounts, userValues } = storage();
    await accounts.create(romeo);
    await accounts.create(juliet);
    await userValues.set(romeo, "private", "storage:bookmarks", "<storage/>");
    await userValues.set(romeo, "private", "exodus:prefs", "old");
    await userValues.set(romeo, "private", "exodus:prefs", "new");
    await userValues.set(romeo, "vcard", "", "<vCard/>");
    assert.equal(await userValues.get(romeo, "private", "exodus:prefs"), "new");
    assert.equal(await userValues.get(juliet, "private", "exodus:prefs"), undefined);
    assert.deepEqual(await userValues.entries(romeo, "private"), [
      ["exodus:prefs", "new"],
      ["storage:bookmarks", "<storage/>"],
    ]);
    await userValues.remove(romeo, "private", "exodus:prefs");
    assert.equal(await userValues.get(romeo, "private", "exodus:prefs"), undefined);
    assert.equal(await userValues.get(romeo, "vcard", ""), "<vCard/>");
  });

  test("values of a host are kept by store and name, each host for itself", async () => {
    const { hostValues } = storage();
    await hostValues.set("verona.example", "rooms", "balcony", "1");
    await hostValues.set("verona.example", "rooms", "ball", "2");
    await hostValues.set("mantua.example", "rooms", "balcony", "3");
    await hostValues.set("verona.example", "rooms", "ball", "4");
    assert.deepEqual(await hostValues.entries("verona.example", "rooms"), [
      ["balcony", "1"],
      ["ball", "4"],
    ]);
    await hostValues.remove("verona.example", "rooms", "balcony");
    assert.equal(await hostValues.get("verona.example", "rooms", "balcony"), undefined);
    assert.equal(await hostValues.get("mantua.example", "rooms", "balcony"), "3");
  });
}

function orderTests(storage: () => Storage): void {
  test("calls take effect and settle in the order in which they were made", async () => {
    const { accounts, offline } = storage();
    const settled: string[] = [];
    const note = (what: string) => () => settled.push(what);
    const calls = [
      offline.append(juliet, line("too early"), 1, roomy).catch(note("refused")),
      accounts.create(juliet).then(note("created")),
      offline.append(juliet, line("1"), 1, roomy).then(note("appended")),
      offline.count(juliet).then((count) => settled.push(`counted ${count}`)),
      accounts.remove(juliet).then(note("removed")),
      offline.count(juliet).then((count) => settled.push(`counted ${count}`)),
    ];
    assert.equal(storage().waitingCalls, 6);
    assert.deepEqual(settled, []);
    await Promise.all(calls);
    assert.deepEqual(settled, ["refused", "created", "appended", "counted 1", "removed", "counted 0"]);
    assert.equal(storage().waitingCalls, 0);
  });

  test("thousands of calls at once are all done, in order", async () => {
    const { accounts, offline } = storage();
    await accounts.create(juliet);
    const bodies = Array.from({ length: 2500 }, (_, index) => line(String(index)));
    const quota = { messages: 5000, bytes: 10_000_000 };
    const stored = await Promise.all(bodies.map((body) => offline.append(juliet, body, 1, quota)));
    assert.ok(stored.every((isStored) => isStored));
    assert.deepEqual(
      (await offline.read(juliet, 0, 5000)).map(({ stanza }) => stanza),
      bodies,
    );
  });

  test("closing waits for what was called before, and refuses what is called after", async () => {
    const { accounts } = storage();
    const created = accounts.create(juliet);
    const closed = storage().close();
    await assert.rejects(accounts.create(romeo), { name: "StorageError", code: "closed" });
    assert.equal(await created, true);
    await closed;
    await storage().close();
  });
}
