// What every storage driver keeps to: the order of calls, many of them at once, closing.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Storage } from "../../../src/storage/storage.js";
import { juliet, line, romeo, roomy } from "../people.js";

export function orderTests(storage: () => Storage): void {
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
