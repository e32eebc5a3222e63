// What is remembered is bounded: hostile streams of new addresses leave nothing behind.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Interned } from "../../src/jid/interned.js";
import { Jid } from "../../src/jid/jid.js";
import { Recent } from "../../src/jid/recent.js";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

/** Collects all garbage; a new turn first, for a WeakRef keeps its target to the end of the turn that touched it. */
async function collectGarbage(): Promise<void> {
  assert.ok(typeof collect === "function");
  for (let time = 0; time < 3; time++) {
    await nextTurn();
    Reflect.apply(collect, undefined, []);
  }
}

test("Addresses that nobody holds are forgotten, one that is held stays the same object", async () => {
  const juliet = Jid.parse("juliet@capulet.example/balcony");
  const forgotten = new WeakRef(Jid.parse("tybalt@capulet.example/square"));
  for (let count = 0; count < 21_000; count++) {
    Jid.parse(`stranger${count}@verona.example`);
    if (count % 1000 === 0) await nextTurn();
  }
  await collectGarbage();
  assert.equal(forgotten.deref(), undefined);
  assert.equal(Jid.parse("Juliet@capulet.example/balcony"), juliet);
  assert.equal(Jid.parse("juliet@capulet.example/balcony"), juliet);
});

test("A few very long addresses push out the others: the texts remembered are bounded together, too", async () => {
  const forgotten = new WeakRef(Jid.parse("mercutio@verona.example/street"));
  for (let count = 0; count < 700; count++) {
    Jid.parse(`${"n".repeat(1000)}@verona.example/${"r".repeat(1000)}${count}`);
    Jid.parse(`${"m".repeat(1000)}@verona.example/${"r".repeat(1000)}${count}`);
  }
  await collectGarbage();
  assert.equal(forgotten.deref(), undefined);
});

test("The table of interned values drops dead entries as it takes new ones", async () => {
  const table = new Interned<object>();
  const held = Array.from({ length: 100 }, (_, index) => ({ index }));
  for (const value of held) table.add(`held ${value.index}`, value);
  for (let round = 0; round < 20; round++) {
    for (let count = 0; count < 1000; count++) table.add(`dropped ${round} ${count}`, {});
    await collectGarbage();
  }
  assert.ok(table.size < 4000, `${table.size} entries of 20100 are left`);
  assert.ok(held.every((value) => table.get(`held ${value.index}`) === value));
});

test("Recent values: two generations, and what is used stays", () => {
  const recent = new Recent<number>(10, 1000);
  recent.set("Romeo", 0);
  for (let count = 1; count <= 1000; count++) {
    recent.set(`stranger ${count}`, count);
    assert.equal(recent.get("Romeo"), 0);
    assert.ok(recent.size <= 20);
  }
  assert.equal(recent.get("stranger 1"), undefined);
  assert.equal(recent.get("stranger 1000"), 1000);
});

test("Recent values: what is not used is gone after two generations", () => {
  const recent = new Recent<number>(10, 1000);
  recent.set("Romeo", 0);
  for (let count = 0; count < 20; count++) recent.set(`stranger ${count}`, count);
  assert.equal(recent.get("Romeo"), undefined);
});
