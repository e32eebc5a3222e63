// The connection between two servers breaks again and again: with stream management (XEP-0198) nobody notices.
import assert from "node:assert/strict";
import { test } from "node:test";
import { countAt, Letters } from "./letters.js";
import { Road } from "./road.js";
import { twoServers } from "./two-servers.js";

const count = 10_000;
const timeout = 180_000;

test("cut in the middle again and again, a stream loses nothing and sends nothing twice", { timeout }, async (t) => {
  const toMantua = await Road.build(t);
  const { verona, mantua } = await twoServers(t, { toMantua });
  await Promise.all([verona.start(), mantua.start()]);
  const [juliet, romeo] = [await verona.enter("juliet"), await mantua.enter("romeo")];
  const letters = new Letters("romeo@mantua.example");
  countAt(juliet, letters);
  countAt(romeo, letters);
  toMantua.cutsAfter(400_000);
  letters.write(juliet, count);
  await letters.settled();
  t.diagnostic(`${toMantua.cuts} cuts`);
  letters.assertPerfect();
  assert.ok(toMantua.cuts >= 5, `only ${toMantua.cuts} cuts`);
  assert.deepEqual([verona.complaints, mantua.complaints], ["", ""]);
});

test("so does one that the other side has opened, with letters both ways", { timeout }, async (t) => {
  const [toMantua, toVerona] = [await Road.build(t), await Road.build(t)];
  const { verona, mantua } = await twoServers(t, { toMantua, toVerona });
  // Mantua's server can't get there by itself: its letters take the stream that Verona's has opened (XEP-0288).
  toVerona.close();
  await Promise.all([verona.start(), mantua.start()]);
  const [juliet, romeo] = [await verona.enter("juliet"), await mantua.enter("romeo")];
  const [there, back] = [new Letters("romeo@mantua.example"), new Letters("juliet@verona.example")];
  countAt(juliet, there, back);
  countAt(romeo, there, back);
  there.write(juliet, 1);
  await there.settled();
  toMantua.cutsAfter(400_000);
  back.write(romeo, count);
  there.write(juliet, count - 1);
  await Promise.all([there.settled(), back.settled()]);
  t.diagnostic(`${toMantua.cuts} cuts`);
  there.assertPerfect();
  back.assertPerfect();
  assert.ok(toMantua.cuts >= 10, `only ${toMantua.cuts} cuts`);
  assert.deepEqual([verona.complaints, mantua.complaints], ["", ""]);
});
