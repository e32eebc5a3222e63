// Passwords are checked a few at a time, in order, and not without bound.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nodePrimitives } from "../../src/auth/primitives.js";
import { boundSlowWork, OverloadError } from "../../src/auth/slow-work.js";

/** Work that lasts until it is let go. */
function workshop() {
  const begun: string[] = [];
  const doors: (() => void)[] = [];
  const pbkdf2 = async (_hash: string, password: string) => {
    begun.push(password);
    await new Promise<void>((resolve) => doors.push(resolve));
    if (password === "tybalt") throw new Error("a scratch");
    return Buffer.from(password);
  };
  const { pbkdf2: derive } = boundSlowWork({ ...nodePrimitives, pbkdf2 }, { concurrent: 2, waiting: 2 });
  return { begun, doors, work: (password: string) => derive("SHA-1", password, Buffer.alloc(0), 1) };
}

test("Two at once, two waiting in order, the fifth is turned away, and a failure makes room too", async () => {
  const { begun, doors, work } = workshop();
  const first = ["romeo", "tybalt", "juliet", "nurse"].map(work);
  const outcomes = Promise.allSettled(first);
  await assert.rejects(work("paris"), OverloadError);
  assert.deepEqual(begun, ["romeo", "tybalt"]);
  doors[1]?.();
  await assert.rejects(first[1] ?? Promise.resolve(), /a scratch/);
  assert.deepEqual(begun, ["romeo", "tybalt", "juliet"]);
  doors[0]?.();
  await first[0];
  assert.deepEqual(begun, ["romeo", "tybalt", "juliet", "nurse"]);
  doors[2]?.();
  doors[3]?.();
  assert.deepEqual(
    (await outcomes).map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled", "fulfilled"],
  );
  const late = work("friar");
  doors[4]?.();
  assert.equal((await late).toString(), "friar");
});
