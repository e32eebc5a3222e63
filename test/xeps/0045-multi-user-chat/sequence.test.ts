// The order in which a room does things: who overlaps whom, who waits, and that no failure stops it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { InOrder } from "../../../xeps/0045-multi-user-chat/in-order.js";
import { Sequence } from "../../../xeps/0045-multi-user-chat/sequence.js";

interface Gate {
  readonly promise: Promise<void>;
  open(): void;
  fail(error: Error): void;
}

function gate(): Gate {
  let [open, fail]: [() => void, (error: Error) => void] = [assert.fail, assert.fail];
  const promise = new Promise<void>((resolve, reject) => ([open, fail] = [resolve, reject]));
  return { promise, open: () => open(), fail: (error) => fail(error) };
}

/** Until everything has happened that can. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("what has to wait for nobody is done at once", () => {
  const sequence = new Sequence();
  assert.equal(
    sequence.alone(() => "done"),
    "done",
  );
  assert.equal(
    sequence.overlapping(() => undefined),
    undefined,
  );
  assert.ok(sequence.isIdle);
});

test("messages overlap; what comes behind them waits for all, and what comes behind that waits for it", async () => {
  const sequence = new Sequence();
  const log: string[] = [];
  const [first, second, entering] = [gate(), gate(), gate()];
  const done = [
    sequence.overlapping(() => (log.push("first"), first.promise)),
    sequence.overlapping(() => (log.push("second"), second.promise)),
    sequence.alone(() => (log.push("enters"), entering.promise)),
    sequence.overlapping(() => void log.push("third")),
    sequence.alone(() => void log.push("leaves")),
  ];
  assert.deepEqual([log, sequence.waiting], [["first", "second"], 3]);
  second.open();
  await turn();
  assert.deepEqual(log, ["first", "second"]);
  first.open();
  await turn();
  assert.deepEqual(log, ["first", "second", "enters"]);
  entering.open();
  for (const each of done) await each;
  assert.deepEqual(log, ["first", "second", "enters", "third", "leaves"]);
  assert.ok(sequence.isIdle);
});

test("what a job causes while it is at work comes after it", async () => {
  const sequence = new Sequence();
  const log: string[] = [];
  const caused: (void | Promise<void>)[] = [];
  const entering = sequence.alone(() => {
    caused.push(sequence.alone(() => void log.push("farewell")));
    log.push("entered");
  });
  const after = sequence.alone(() => void log.push("message"));
  await entering;
  for (const each of caused) await each;
  await after;
  assert.deepEqual(log, ["entered", "farewell", "message"]);
});

test("so does what a message causes while others are being stored", async () => {
  const sequence = new Sequence();
  const log: string[] = [];
  const stored = gate();
  const all: (void | Promise<void>)[] = [];
  all.push(
    sequence.overlapping(() => {
      all.push(sequence.alone(() => void log.push("leaves")));
      log.push("says");
      return stored.promise;
    }),
  );
  await turn();
  assert.deepEqual(log, ["says"]);
  stored.open();
  for (const each of all) await each;
  assert.deepEqual(log, ["says", "leaves"]);
});

for (const kind of ["alone", "overlapping"] as const) {
  test(`a job that throws stops nothing: ${kind}`, async () => {
    const sequence = new Sequence();
    const log: string[] = [];
    const behind: (void | Promise<void>)[] = [];
    assert.throws(
      () =>
        sequence[kind](() => {
          behind.push(sequence.alone(() => void log.push("behind")));
          throw new Error("a plague");
        }),
      /a plague/,
    );
    for (const each of behind) await each;
    await sequence.alone(() => void log.push("later"));
    assert.deepEqual(log, ["behind", "later"]);
    assert.ok(sequence.isIdle);
  });

  test(`nor one that rejects, at work or having waited: ${kind}`, async () => {
    const sequence = new Sequence();
    const log: string[] = [];
    const first = gate();
    const failing = sequence[kind](() => first.promise);
    const waiting = sequence.alone(() => {
      throw new Error("on both your houses");
    });
    const rejecting = sequence[kind](() => Promise.reject(new Error("even so")));
    const last = sequence.alone(() => void log.push("last"));
    first.fail(new Error("a plague"));
    await assert.rejects(async () => failing, /a plague/);
    await assert.rejects(async () => waiting, /on both your houses/);
    await assert.rejects(async () => rejecting, /even so/);
    await last;
    assert.deepEqual(log, ["last"]);
    assert.ok(sequence.isIdle);
  });
}

test("what is sent to all goes in the order in which it was said, whatever has to be stored first", async () => {
  const outgoing = new InOrder();
  const log: string[] = [];
  const [first, third, after] = [gate(), gate(), gate()];
  outgoing.send(undefined, () => void log.push("at once"))?.catch(assert.fail);
  const done = [
    outgoing.send(first.promise, () => (log.push("first"), after.promise)),
    outgoing.send(undefined, () => void log.push("second")),
    outgoing.send(third.promise, () => void log.push("third")),
    outgoing.send(undefined, () => void log.push("fourth")),
  ];
  assert.deepEqual(log, ["at once"]);
  third.open();
  await turn();
  assert.deepEqual(log, ["at once"]);
  first.open();
  await turn();
  assert.deepEqual(log, ["at once", "first", "second", "third", "fourth"]);
  after.open();
  for (const each of done) await each;
  outgoing.send(undefined, () => void log.push("at once again"))?.catch(assert.fail);
  assert.equal(log.at(-1), "at once again");
});

test("what had to wait goes once nothing more is to be waited for, and what was said later behind it", async () => {
  const outgoing = new InOrder();
  const log: string[] = [];
  const [ready, more, again] = [gate(), gate(), gate()];
  const gates = [more, again];
  const sent = outgoing.send(
    ready.promise,
    () => void log.push("sent"),
    () => (log.push("due"), gates.shift()?.promise),
  );
  const next = outgoing.send(undefined, () => void log.push("next"));
  for (const each of [ready, more]) {
    each.open();
    await turn();
  }
  assert.deepEqual(log, ["due", "due"]);
  again.open();
  await sent;
  await next;
  assert.deepEqual(log, ["due", "due", "due", "sent", "next"]);
  // who does not have to wait asks for nothing
  outgoing
    .send(
      undefined,
      () => void log.push("at once"),
      () => assert.fail("It did not wait."),
    )
    ?.catch(assert.fail);
  assert.equal(log.at(-1), "at once");
});

test("what can't be stored is not sent, and keeps nothing from being sent", async () => {
  const outgoing = new InOrder();
  const log: string[] = [];
  const lost = outgoing.send(Promise.reject(new Error("a full disk")), () => void log.push("lost"));
  const next = outgoing.send(undefined, () => void log.push("next"));
  await assert.rejects(async () => lost, /a full disk/);
  await next;
  assert.deepEqual(log, ["next"]);
});
