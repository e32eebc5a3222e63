// What every storage driver does with extensions' values.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Storage } from "../../../src/storage/storage.js";
import { juliet, romeo } from "../people.js";

export function valueTests(storage: () => Storage): void {
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

  test("values of a host are read page by page, ordered by name as code points are", async () => {
    const { hostValues } = storage();
    const names = ["ball", "balcony", "\u{1f940}", "\uff5e", "crypt"];
    await Promise.all(names.map((name) => hostValues.set("verona.example", "rooms", name, `the ${name}`)));
    await hostValues.set("verona.example", "streets", "ballast", "not a room");
    await hostValues.set("mantua.example", "rooms", "ballast", "elsewhere");
    const page = async (after: string): Promise<readonly string[]> =>
      (await hostValues.page("verona.example", "rooms", after, 2)).map(([name]) => name);
    assert.deepEqual(await hostValues.page("verona.example", "rooms", "", 1), [["balcony", "the balcony"]]);
    assert.deepEqual(await page(""), ["balcony", "ball"]);
    assert.deepEqual(await page("ball"), ["crypt", "\uff5e"]);
    assert.deepEqual(await page("\uff5e"), ["\u{1f940}"]);
    assert.deepEqual(await page("\u{1f940}"), []);
    assert.deepEqual(await page("bam"), ["crypt", "\uff5e"], "a name that is not there has a place all the same");
  });
}
