// How often something may happen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RateLimit } from "../../src/extension/index.js";
import { FakeClock } from "../support/fake-clock.js";

test("a full budget is for a burst, and fills up again little by little", () => {
  const clock = new FakeClock();
  const letters = new RateLimit({ most: 3, interval: 60_000, clock });
  const sendAll = (): boolean[] => [1, 2, 3, 4].map(() => letters.take("romeo"));
  assert.deepEqual(sendAll(), [true, true, true, false]);
  clock.advance(20_000);
  assert.deepEqual(sendAll(), [true, false, false, false]);
  clock.advance(10 * 60_000);
  assert.deepEqual(sendAll(), [true, true, true, false]);
});

test("each has a budget of their own, and strangers can't fill the memory", () => {
  const letters = new RateLimit({ most: 1, interval: 60_000, clock: new FakeClock() });
  assert.equal(letters.take("romeo"), true);
  assert.equal(letters.take("juliet"), true);
  assert.equal(letters.take("romeo"), false);
  for (let stranger = 0; stranger < 10_000; stranger += 1) letters.take(`stranger ${stranger}`);
  assert.equal(letters.take("romeo"), true, "forgotten, as the one who wrote the longest time ago");
});
