// What every storage driver does when an archive is changed and cut back.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Storage } from "../../../src/storage/storage.js";
import { ball, fill, idsOf, saying } from "../archives.js";

const balcony = { ...ball, owner: "balcony" };

export function archiveUpkeepTests(storage: () => Storage): void {
  const ids = async (key = ball) => idsOf(await storage().archive.first(key, 100, {}));

  test("an id that is taken is refused, and the message that has it stays", async () => {
    const { archive } = storage();
    await archive.append(ball, saying("a", 1000));
    const again = [
      archive.append(ball, { ...saying("a", 2000), stanza: "another" }),
      archive.append(ball, saying("b", 1001)),
    ];
    const [refused, stored] = await Promise.allSettled(again);
    assert.equal(stored?.status, "fulfilled");
    assert.equal(refused?.status, "rejected");
    await assert.rejects(again[0] ?? assert.fail(), {
      code: "refused",
      message: 'There is a message "a" in the archive already.',
    });
    assert.deepEqual(await archive.first(ball, 10, {}), [saying("a", 1000), saying("b", 1001)]);
    await archive.append(balcony, saying("a", 3000));
    assert.equal(await ids(balcony), "a");
  });

  test("a message's text is replaced where it is", async () => {
    const { archive } = storage();
    await fill(storage(), ball, [saying("a", 1000), saying("b", 1001, "paris"), saying("c", 1002)]);
    await archive.append(balcony, saying("b", 1));
    assert.equal(await archive.replace(ball, "b", "<retracted/>"), true);
    assert.equal(await archive.replace(ball, "d", "<retracted/>"), false);
    assert.equal(await archive.replace({ ...ball, owner: "crypt" }, "b", "<retracted/>"), false);
    assert.deepEqual(await archive.first(ball, 10, { after: "a", before: "c" }), [
      { id: "b", at: 1001, with: "paris", stanza: "<retracted/>" },
    ]);
    assert.deepEqual(await archive.get(balcony, "b"), saying("b", 1));
  });

  test("an archive is trimmed to so many messages, to what is recent enough, to both", async () => {
    const { archive } = storage();
    await fill(
      storage(),
      ball,
      ["a", "b", "c", "d", "e", "f"].map((id, index) => saying(id, 1000 + index)),
    );
    await archive.append(balcony, saying("a", 1));
    assert.equal(await archive.trim(ball, {}), 0);
    assert.equal(await archive.trim(ball, { keep: 6, since: 1000 }), 0);
    assert.equal(await archive.trim(ball, { keep: 5 }), 1);
    assert.equal(await archive.trim(ball, { since: 1002 }), 1);
    assert.equal(await ids(), "c d e f");
    assert.equal(await archive.trim(ball, { keep: 3, since: 1001 }), 1);
    assert.equal(await archive.trim(ball, { keep: 3, since: 1004 }), 1);
    assert.equal(await ids(), "e f");
    await assert.rejects(archive.first(ball, 10, { after: "d" }), { code: "not-found" });
    assert.equal(await archive.trim(ball, { keep: 0 }), 2);
    assert.equal(await archive.trim({ ...ball, owner: "crypt" }, { keep: 0 }), 0);
    assert.equal(await ids(), "");
    assert.equal(await ids(balcony), "a");
    await archive.append(ball, saying("a", 10));
    assert.equal(await ids(), "a");
  });

  test("an archive is cleared, and begins anew", async () => {
    const { archive } = storage();
    await fill(storage(), ball, [saying("a", 1000), saying("b", 1001)]);
    await archive.append(balcony, saying("a", 1));
    await archive.clear(ball);
    await archive.clear({ ...ball, owner: "crypt" });
    assert.equal(await ids(), "");
    assert.equal(await archive.get(ball, "a"), undefined);
    assert.equal(await archive.count(ball, {}), 0);
    await archive.append(ball, saying("b", 5));
    assert.equal(await ids(), "b");
    assert.equal(await ids(balcony), "a");
  });

  test("archives of a name that an account has stay when the account goes", async () => {
    const { accounts, archive } = storage();
    const account = { host: ball.host, user: ball.owner };
    await accounts.create({ ...account, credentials: {}, isDisabled: false, createdAt: 0 });
    await archive.append(ball, saying("a", 1000));
    assert.equal(await accounts.remove(account), true);
    assert.equal(await ids(), "a");
  });
}
