// Pauses before a server is tried again: they double, up to a limit, and are never quite the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BackOff } from "../../src/s2s/back-off.js";

const limits = { first: 1000, longest: 10_000 };

test("each pause is twice as long as the one before, up to the longest", () => {
  const backOff = new BackOff(limits, () => 1);
  assert.deepEqual(
    Array.from({ length: 6 }, () => backOff.next()),
    [1000, 2000, 4000, 8000, 10_000, 10_000],
  );
});

test("chance takes off half of it at the most", () => {
  const backOff = new BackOff(limits, () => 0);
  assert.deepEqual([backOff.next(), backOff.next()], [500, 1000]);
  const other = new BackOff(limits, () => 0.5);
  assert.equal(other.next(), 750);
});

test("it begins anew once the server has been reached", () => {
  const backOff = new BackOff(limits, () => 1);
  backOff.next();
  backOff.next();
  backOff.reset();
  assert.equal(backOff.next(), 1000);
});

test("it stays a number however often it fails", () => {
  const backOff = new BackOff({ first: 1000, longest: 86_400_000 }, () => 1);
  let last = 0;
  for (let attempt = 0; attempt < 5000; attempt += 1) last = backOff.next();
  assert.equal(last, 86_400_000);
});
