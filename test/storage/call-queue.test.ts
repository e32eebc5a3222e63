// How calls gather into batches, how their promises settle, and what happens when the storage fails.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { BatchOutcome, Calls } from "../../src/storage/batch.js";
import { CallQueue, type BatchRunner } from "../../src/storage/call-queue.js";
import { StorageError } from "../../src/storage/storage-error.js";
import type { FailureListener } from "../../src/storage/storage.js";

/** A runner that answers when the test says so. */
class HeldRunner implements BatchRunner {
  readonly batches: Calls[] = [];
  isClosed = false;
  answer: (outcome: BatchOutcome) => void = () => assert.fail("nothing runs");
  refuse: (error: Error) => void = () => assert.fail("nothing runs");
  fail: FailureListener = () => assert.fail("nobody listens");

  run(calls: Calls): Promise<BatchOutcome> {
    this.batches.push([...calls]);
    return new Promise((resolve, reject) => {
      this.answer = resolve;
      this.refuse = reject;
    });
  }

  onFailure(listener: FailureListener): void {
    this.fail = listener;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

function held(): { runner: HeldRunner; queue: CallQueue } {
  const runner = new HeldRunner();
  return { runner, queue: new CallQueue(runner) };
}

describe("call queue", () => {
  test("the calls of one turn are one batch, in order, and so are those made while it runs", async () => {
    const { runner, queue } = held();
    const first = [queue.call("offline.count", "verona", "romeo"), queue.call("offline.count", "verona", "juliet")];
    assert.equal(runner.batches.length, 0);
    await setImmediate();
    const second = [queue.call("accounts.remove", "verona", "tybalt"), queue.call("offline.count", "verona", "paris")];
    await setImmediate();
    assert.deepEqual(runner.batches, [["offline.count", "verona", "romeo", "offline.count", "verona", "juliet"]]);
    assert.equal(queue.waitingCalls, 4);
    runner.answer({ results: [3, 5], refusals: [] });
    assert.deepEqual(await Promise.all(first), [3, 5]);
    assert.equal(runner.batches.length, 2);
    runner.answer({ results: [true, 0], refusals: [] });
    assert.deepEqual(await Promise.all(second), [true, 0]);
    assert.equal(queue.waitingCalls, 0);
  });

  test("what belongs together is in one batch, also where another would begin", async () => {
    const { runner, queue } = held();
    const call = (user: string): Promise<unknown> => queue.call("offline.count", "verona", user);
    const calls = Array.from({ length: 999 }, (_none, index) => call(String(index)));
    queue.together(() => {
      calls.push(call("romeo"));
      queue.together(() => calls.push(call("juliet")));
      calls.push(call("nurse"));
    });
    calls.push(call("paris"));
    assert.throws(() =>
      queue.together(() => {
        throw new Error("a plague");
      }),
    );
    calls.push(call("tybalt"));
    await setImmediate();
    const [first = []] = runner.batches;
    assert.deepEqual([first.length, first.at(-1)], [1002 * 3, "nurse"]);
    runner.answer({ results: calls.slice(0, 1002).map(() => 0), refusals: [] });
    await Promise.all(calls.slice(0, 1002));
    assert.equal(runner.batches[1]?.length, 6);
    runner.answer({ results: [0, 0], refusals: [] });
    await Promise.all(calls);
  });

  test("what belongs together waits as one for the batch that runs", async () => {
    const { runner, queue } = held();
    const running = queue.call("offline.count", "verona", "paris");
    await setImmediate();
    const calls = queue.together(() => ["romeo", "juliet"].map((user) => queue.call("offline.count", "verona", user)));
    runner.answer({ results: [1], refusals: [] });
    await running;
    assert.equal(runner.batches[1]?.length, 6);
    runner.answer({ results: [2, 3], refusals: [] });
    assert.deepEqual(await Promise.all(calls), [2, 3]);
  });

  test("a refused call rejects alone", async () => {
    const { runner, queue } = held();
    const calls = ["romeo", "nurse", "juliet"].map((user) => queue.call("offline.count", "verona", user));
    await setImmediate();
    runner.answer({ results: [1, undefined, 2], refusals: [[1, "no-account", "There is no such account."]] });
    const settled = await Promise.allSettled(calls);
    assert.deepEqual(
      settled.map((result) => (result.status === "fulfilled" ? result.value : (result.reason as StorageError).code)),
      [1, "no-account", 2],
    );
  });

  test("after a failure all that waits rejects, and all that comes, and the listeners hear of it once", async () => {
    const { runner, queue } = held();
    const heard: string[] = [];
    queue.onFailure(({ message }) => heard.push(message));
    const running = queue.call("offline.count", "verona", "romeo");
    await setImmediate();
    const waiting = queue.call("offline.count", "verona", "juliet");
    runner.refuse(new Error("disk full"));
    for (const call of [running, waiting]) await assert.rejects(call, { code: "failed", message: "disk full" });
    await assert.rejects(queue.call("offline.count", "verona", "paris"), { code: "failed", message: "disk full" });
    runner.fail(new StorageError("failed", "again"));
    queue.onFailure(({ message }) => heard.push(`late: ${message}`));
    assert.deepEqual(heard, ["disk full", "late: disk full"]);
    assert.equal(queue.waitingCalls, 0);
    await queue.close();
    assert.equal(runner.isClosed, true);
  });

  test("an answer that comes after the failure changes nothing", async () => {
    const { runner, queue } = held();
    const call = queue.call("offline.count", "verona", "romeo");
    await setImmediate();
    runner.fail(new StorageError("failed", "the thread ended"));
    runner.answer({ results: [1], refusals: [] });
    await assert.rejects(call, { code: "failed", message: "the thread ended" });
    await setImmediate();
    assert.equal(queue.waitingCalls, 0);
  });

  test("closing waits for the batches under way", async () => {
    const { runner, queue } = held();
    const call = queue.call("offline.count", "verona", "romeo");
    const closed = queue.close();
    await assert.rejects(queue.call("offline.count", "verona", "juliet"), { code: "closed" });
    await setImmediate();
    assert.equal(runner.isClosed, false);
    runner.answer({ results: [4], refusals: [] });
    assert.equal(await call, 4);
    await closed;
    assert.equal(runner.isClosed, true);
  });
});
