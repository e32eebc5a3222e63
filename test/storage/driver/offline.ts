// What every storage driver does with offline messages.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Storage } from "../../../src/storage/storage.js";
import { juliet, line, romeo, roomy } from "../people.js";

export function offlineTests(storage: () => Storage): void {
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

  test("what is stored for many at once reaches each who has an account and room for it", async () => {
    const { accounts, offline } = storage();
    for (const person of [romeo, juliet]) await accounts.create(person);
    await offline.append(romeo, line("but soft"), 1, roomy);
    const users = ["romeo", "nobody", "juliet"];
    const quota = { messages: 1, bytes: 1000 };
    assert.deepEqual(await offline.appendToAll(romeo.host, users, line("a rose"), 1000, quota), [
      { user: "romeo", isKnown: true },
      { user: "nobody", isKnown: false },
    ]);
    assert.deepEqual(await offline.appendToAll(romeo.host, ["romeo"], line("a rose"), 1000, roomy), []);
    const [, second] = await offline.read(romeo, 0, 10);
    const [first] = await offline.read(juliet, 0, 10);
    for (const each of [first, second]) assert.deepEqual([each?.stanza, each?.storedAt], [line("a rose"), 1000]);
    assert.deepEqual([await offline.count(romeo), await offline.count(juliet)], [2, 1]);
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
