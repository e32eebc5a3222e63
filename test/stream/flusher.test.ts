// When outboxes are written: at the end of a read, but to nobody twice within a millisecond before the turn ends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turnEnds } from "node:timers/promises";
import { type Flushable, Flusher } from "../../src/stream/flusher.js";

/** Queues itself once until it is flushed, as the real one does. */
class CountingOutbox implements Flushable {
  flushedAt = 0;
  flushes = 0;
  #isQueued = false;

  push(flusher: Flusher): void {
    if (!this.#isQueued) flusher.add(this);
    this.#isQueued = true;
  }

  flush(): void {
    this.flushes += 1;
    this.#isQueued = false;
  }
}

test("what a read brings goes out at its end", () => {
  const flusher = new Flusher();
  const juliet = new CountingOutbox();
  flusher.beginRead();
  juliet.push(flusher);
  assert.equal(juliet.flushes, 0);
  flusher.endRead(1000);
  assert.equal(juliet.flushes, 1);
});

test("what many send to one within a millisecond goes out at the end of the turn, together", async () => {
  const flusher = new Flusher();
  const juliet = new CountingOutbox();
  for (let read = 0; read < 10; read += 1) {
    flusher.beginRead();
    juliet.push(flusher);
    flusher.endRead(1000);
  }
  assert.equal(juliet.flushes, 1);
  await turnEnds();
  assert.equal(juliet.flushes, 2);
});

test("what comes of no read goes out at the end of the turn", async () => {
  const flusher = new Flusher();
  const [romeo, juliet] = [new CountingOutbox(), new CountingOutbox()];
  romeo.push(flusher);
  juliet.push(flusher);
  assert.equal(romeo.flushes, 0);
  await turnEnds();
  assert.deepEqual([romeo.flushes, juliet.flushes], [1, 1]);
});

test("a read also takes along what was waiting for the end of the turn", async () => {
  const flusher = new Flusher();
  const [romeo, juliet] = [new CountingOutbox(), new CountingOutbox()];
  romeo.push(flusher);
  flusher.beginRead();
  juliet.push(flusher);
  flusher.endRead(1000);
  assert.deepEqual([romeo.flushes, juliet.flushes], [1, 1]);
  await turnEnds();
  assert.deepEqual([romeo.flushes, juliet.flushes], [1, 1]);
});

test("what goes to thousands goes out in parts, and what others have to say goes between", async () => {
  const flusher = new Flusher();
  const crowd = Array.from({ length: 4000 }, () => new CountingOutbox());
  const juliet = new CountingOutbox();
  const reached = (): number => crowd.filter(({ flushes }) => flushes === 1).length;
  flusher.beginRead();
  for (const each of crowd) each.push(flusher);
  flusher.endRead(1000);
  assert.equal(reached(), 1000);
  flusher.beginRead();
  juliet.push(flusher);
  flusher.endRead(1001);
  assert.deepEqual([juliet.flushes, reached()], [1, 1000]);
  for (const expected of [2000, 3000, 4000]) {
    await turnEnds();
    assert.equal(reached(), expected);
  }
});
