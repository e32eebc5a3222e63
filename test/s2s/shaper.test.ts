// How fast another server is read: a second's worth at once, then no faster than the rate.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Shaper } from "../../src/s2s/shaper.js";
import type { Stream } from "../../src/stream/stream.js";
import { FakeClock } from "../support/fake-clock.js";

/** A stream of which only matters whether it is read. */
function reading(rate: number) {
  const clock = new FakeClock();
  const stream = { lastReceivedAt: clock.now(), isPaused: false, pause: () => (stream.isPaused = true), resume: () => (stream.isPaused = false) }; // prettier-ignore
  return { clock, stream, shaper: new Shaper(stream as unknown as Stream, rate, clock) };
}

test("a second's worth may come at once", () => {
  const { stream, shaper } = reading(1000);
  shaper.spend(400);
  shaper.spend(600);
  assert.equal(stream.isPaused, false);
});

test("what is too much is waited for as long as it should have taken", () => {
  const { clock, stream, shaper } = reading(1000);
  shaper.spend(1500);
  assert.equal(stream.isPaused, true);
  clock.advance(499);
  assert.equal(stream.isPaused, true);
  clock.advance(1);
  assert.equal(stream.isPaused, false);
});

test("in the long run it is the rate, whatever the pieces", () => {
  const { clock, stream, shaper } = reading(1000);
  const start = clock.now();
  for (let bytes = 0; bytes < 20_000; bytes += 700) {
    shaper.spend(700);
    while (stream.isPaused) clock.advance(10);
  }
  const seconds = (clock.now() - start) / 1000;
  assert.ok(seconds >= 19 && seconds <= 20.5, `${seconds} s`);
});

test("silence is not saved up: after it a second's worth may come at once, and no more", () => {
  const { clock, stream, shaper } = reading(1000);
  shaper.spend(1100);
  clock.advance(3_600_000);
  for (let bytes = 0; bytes < 1100; bytes += 100) shaper.spend(100);
  assert.equal(stream.isPaused, false);
  shaper.spend(1);
  assert.equal(stream.isPaused, true);
});
