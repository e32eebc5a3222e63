// What every storage driver does when an archive is written and read.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ArchiveRange } from "../../../src/storage/records.js";
import type { Storage } from "../../../src/storage/storage.js";
import { ball, fill, idsOf, saying } from "../archives.js";

export function archiveTests(storage: () => Storage): void {
  const first = async (limit: number, range: ArchiveRange = {}) =>
    idsOf(await storage().archive.first(ball, limit, range));
  const last = async (limit: number, range: ArchiveRange = {}) =>
    idsOf(await storage().archive.last(ball, limit, range));
  const count = (range: ArchiveRange) => storage().archive.count(ball, range);

  test("archived messages come back as they were given, each archive's for itself", async () => {
    const { archive } = storage();
    const message = {
      id: "♥\u{1f940}",
      at: 1_600_000_000_000,
      with: "paris@verona.example",
      stanza: "<message>♥</message>",
    };
    const others = [
      { ...ball, owner: "balcony" },
      { ...ball, store: "mam" },
      { ...ball, host: "mantua.example" },
    ];
    assert.deepEqual(await archive.last(ball, 10, {}), []);
    await archive.append(ball, message);
    for (const [index, other] of others.entries()) await archive.append(other, { ...message, stanza: String(index) });
    assert.deepEqual(await archive.get(ball, message.id), message);
    assert.deepEqual(await archive.first(ball, 10, {}), [message]);
    for (const [index, other] of others.entries()) {
      assert.deepEqual(await archive.last(other, 10, {}), [{ ...message, stanza: String(index) }]);
    }
    assert.equal(await archive.get(ball, "another"), undefined);
    assert.equal(await archive.get({ ...ball, owner: "crypt" }, message.id), undefined);
  });

  test("the first and the last messages come oldest first, within ids", async () => {
    await fill(
      storage(),
      ball,
      ["a", "b", "c", "d", "e"].map((id, index) => saying(id, 1000 + index)),
    );
    assert.equal(await first(2), "a b");
    assert.equal(await last(2), "d e");
    assert.equal(await last(10), "a b c d e");
    assert.equal(await first(0), "");
    assert.equal(await last(0), "");
    assert.equal(await first(2, { after: "b" }), "c d");
    assert.equal(await last(2, { before: "d" }), "b c");
    assert.equal(await last(10, { after: "b", before: "e" }), "c d");
    assert.equal(await first(10, { after: "e" }), "");
    assert.equal(await last(10, { before: "a" }), "");
    assert.equal(await first(10, { after: "d", before: "b" }), "");
    assert.equal(await count({}), 5);
    assert.equal(await count({ after: "b" }), 3);
  });

  test("a range that starts or ends at a message that is not there is not found", async () => {
    const { archive } = storage();
    await fill(storage(), ball, [saying("a", 1000)]);
    await fill(storage(), { ...ball, owner: "balcony" }, [saying("b", 1000)]);
    const notFound = { name: "StorageError", code: "not-found", message: 'There is no message "b" in the archive.' };
    await assert.rejects(archive.first(ball, 10, { after: "b" }), notFound);
    await assert.rejects(archive.last(ball, 10, { before: "b" }), notFound);
    await assert.rejects(archive.count(ball, { before: "b" }), notFound);
    await assert.rejects(archive.first({ ...ball, owner: "crypt" }, 10, { after: "b" }), notFound);
    assert.equal(await first(10), "a");
  });

  test("ranges of time have both their ends in them, down to the millisecond", async () => {
    const times = [1000, 1000, 1001, 1005, 1005];
    await fill(
      storage(),
      ball,
      times.map((at, index) => saying("abcde".charAt(index), at)),
    );
    assert.equal(await first(10, { since: 1000, until: 1000 }), "a b");
    assert.equal(await first(10, { since: 1001 }), "c d e");
    assert.equal(await last(2, { until: 1001 }), "b c");
    assert.equal(await first(10, { since: 1002, until: 1004 }), "");
    assert.equal(await first(1, { since: 1002 }), "d");
    assert.equal(await first(10, { since: 1001, after: "c" }), "d e");
    assert.equal(await first(10, { since: 1001, after: "a", until: 1001 }), "c");
    assert.equal(await count({ since: 1001, until: 1005, before: "e" }), 2);
  });

  test("messages stay in the order in which they came when the clock is set back", async () => {
    const { archive } = storage();
    await fill(storage(), ball, [
      saying("a", 1000),
      saying("b", 5000),
      saying("c", 2000),
      saying("d", 2001),
      saying("e", 6000),
    ]);
    assert.equal(await first(10), "a b c d e");
    assert.equal(await first(10, { after: "b" }), "c d e");
    assert.equal(await last(10, { before: "d" }), "a b c");
    // c and d count as of b's time, and keep their own.
    assert.equal(await first(10, { since: 2002 }), "b c d e");
    assert.equal(await last(10, { until: 4999 }), "a");
    assert.equal((await archive.get(ball, "c"))?.at, 2000);
  });

  test("of an archive with several partners, those with one are found, in order", async () => {
    const partners = ["juliet", "", "paris", "juliet", "paris", "juliet"];
    await fill(
      storage(),
      ball,
      partners.map((partner, index) => saying("abcdef".charAt(index), 1000 + index, partner)),
    );
    assert.equal(await first(2, { with: "juliet" }), "a d");
    assert.equal(await last(2, { with: "juliet" }), "d f");
    assert.equal(await first(9, { with: "juliet", after: "c", before: "f" }), "d");
    assert.equal(await first(9, { with: "paris", since: 1003 }), "e");
    assert.equal(await first(9, { with: "tybalt" }), "");
    assert.equal(await first(9, { with: "" }), "a b c d e f");
    assert.equal(await count({ with: "paris" }), 2);
  });

  test("thousands of messages of one moment keep their order", async () => {
    const ids = Array.from({ length: 2500 }, (_, index) => `i${index}`);
    await fill(
      storage(),
      ball,
      ids.map((id) => saying(id, 1000)),
    );
    assert.equal(await first(5000), ids.join(" "));
    assert.equal(await last(3), ids.slice(-3).join(" "));
    assert.equal(await first(2, { after: "i2000" }), "i2001 i2002");
  });
}
