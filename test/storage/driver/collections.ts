// What every storage driver does with named collections of values of a host.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Storage } from "../../../src/storage/storage.js";

type Place = readonly [host: string, store: string, collection: string];

const [verona, mantua] = ["verona.example", "mantua.example"] as const;

export function collectionTests(storage: () => Storage): void {
  test("collections of a host are kept by store, collection and name, each for itself", async () => {
    const { hostCollections } = storage();
    await hostCollections.set(verona, "affiliations", "ball", "capulet@verona.example", "owner");
    await hostCollections.set(verona, "affiliations", "ball", "tybalt@verona.example", "member");
    await hostCollections.set(verona, "affiliations", "ball", "benvolio@verona.example", "none");
    await hostCollections.set(verona, "affiliations", "ball", "tybalt@verona.example", "admin");
    await hostCollections.set(verona, "affiliations", "balcony", "tybalt@verona.example", "outcast");
    await hostCollections.set(verona, "nicknames", "ball", "tybalt@verona.example", "Prince of Cats");
    await hostCollections.set(mantua, "affiliations", "ball", "tybalt@verona.example", "member");
    assert.deepEqual(await hostCollections.entries(verona, "affiliations", "ball"), [
      ["benvolio@verona.example", "none"],
      ["capulet@verona.example", "owner"],
      ["tybalt@verona.example", "admin"],
    ]);
    await hostCollections.remove(verona, "affiliations", "ball", "benvolio@verona.example");
    await hostCollections.remove(verona, "affiliations", "ball", "nobody@verona.example");
    assert.equal(await hostCollections.get(verona, "affiliations", "ball", "benvolio@verona.example"), undefined);
    assert.equal(await hostCollections.get(verona, "affiliations", "ball", "tybalt@verona.example"), "admin");
    assert.equal(await hostCollections.get(verona, "affiliations", "balcony", "tybalt@verona.example"), "outcast");
  });

  test("a collection is cleared, and nothing else with it", async () => {
    const { hostCollections } = storage();
    const cleared: Place = [verona, "affiliations", "ball"];
    const others: readonly Place[] = [
      [verona, "affiliations", "balcony"],
      [verona, "nicknames", "ball"],
      [mantua, "affiliations", "ball"],
    ];
    for (const place of [cleared, ...others]) await hostCollections.set(...place, "romeo@verona.example", place.join());
    await hostCollections.clear(...cleared);
    await hostCollections.clear(verona, "affiliations", "never there");
    assert.deepEqual(await hostCollections.entries(...cleared), []);
    for (const place of others) {
      assert.deepEqual(await hostCollections.entries(...place), [["romeo@verona.example", place.join()]]);
    }
  });
}
