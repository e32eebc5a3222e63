// What every storage driver does with rosters and subscription requests.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Storage } from "../../../src/storage/storage.js";
import { itemOf, juliet, line, nurse, romeo, roomy } from "../people.js";

export function rosterTests(storage: () => Storage): void {
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
