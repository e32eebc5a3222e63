// The queue for another server: in order, bounded in number, size, and together with all other queues.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Pool, WaitingStanzas } from "../../src/s2s/waiting-stanzas.js";
import { idsOf, letter } from "./support/letters.js";

function queue(most: { stanzas?: number; bytes?: number; pool?: Pool } = {}): WaitingStanzas {
  return new WaitingStanzas(most.stanzas ?? 100, most.bytes ?? 100_000, most.pool ?? new Pool(1_000_000));
}

/** `letter` with so much in it that it counts for a thousand bytes. */
const thousand = (id: number) => letter(id, { content: `<body>${"o".repeat(1000 - 300 - 13)}</body>` });

test("no more stanzas than are allowed", () => {
  const waiting = queue({ stanzas: 2 });
  assert.deepEqual([1, 2, 3].map((id) => waiting.add(letter(id), 0)), [true, true, false]); // prettier-ignore
  assert.deepEqual(idsOf(waiting.take()), ["1", "2"]);
  assert.equal(waiting.add(letter(4), 0), true);
});

test("no more bytes than are allowed, and what is taken out makes room", () => {
  const waiting = queue({ bytes: 2500 });
  assert.deepEqual([1, 2, 3].map((id) => waiting.add(thousand(id), id)), [true, true, false]); // prettier-ignore
  assert.equal(waiting.bytes, 2000);
  assert.deepEqual(idsOf(waiting.take(2)), ["1"]);
  assert.equal(waiting.bytes, 1000);
  assert.equal(waiting.add(thousand(4), 4), true);
});

test("all queues together are bounded, too", () => {
  const pool = new Pool(2500);
  const [verona, padua] = [queue({ pool }), queue({ pool })];
  assert.equal(verona.add(thousand(1), 0), true);
  assert.equal(padua.add(thousand(2), 0), true);
  assert.equal(padua.add(thousand(3), 0), false);
  assert.equal(padua.restore(thousand(3), 0), false);
  verona.take();
  assert.equal(padua.restore(thousand(3), 0), true);
  padua.take();
  assert.deepEqual([pool.bytes, verona.bytes, padua.bytes], [0, 0, 0]);
});

test("what is put back stands before all others, room or not", () => {
  const pool = new Pool(2500);
  const waiting = queue({ stanzas: 2, pool });
  for (const id of [1, 2]) waiting.add(thousand(id), id);
  waiting.putBack([thousand(-1), thousand(0)], 3);
  assert.deepEqual(idsOf(waiting.first(3)), ["-1", "0", "1"]);
  assert.deepEqual([waiting.length, waiting.bytes, pool.bytes], [4, 4000, 4000]);
  assert.equal(waiting.add(letter(5), 5), false);
  assert.deepEqual(idsOf(waiting.take()), ["-1", "0", "1", "2"]);
  assert.equal(pool.bytes, 0);
});

test("they are handed out in order for as long as they may go", () => {
  const waiting = queue();
  for (const id of [1, 2, 3, 4]) waiting.add(letter(id), id);
  const sent: (string | undefined)[] = [];
  waiting.release(
    ({ id }) => id !== "3",
    ({ id }) => sent.push(id),
  );
  assert.deepEqual([sent, idsOf(waiting.first(9)), waiting.oldestSince], [["1", "2"], ["3", "4"], 3]);
  waiting.release(() => true, ({ id }) => sent.push(id)); // prettier-ignore
  assert.deepEqual([sent, waiting.length, waiting.bytes], [["1", "2", "3", "4"], 0, 0]);
  assert.equal(waiting.oldestSince, undefined);
});

test("the stream may break off while they are handed out: what it gives back is neither lost nor doubled", () => {
  const waiting = queue();
  for (const id of [1, 2, 3, 4]) waiting.add(letter(id), id);
  let isOpen = true;
  waiting.release(
    () => isOpen,
    (stanza) => {
      if (stanza.id !== "2") return;
      isOpen = false;
      waiting.putBack([letter(1), stanza], 5);
    },
  );
  assert.deepEqual(idsOf(Array.from(waiting.all(), ({ stanza }) => stanza)), ["1", "2", "3", "4"]);
});

test("those that have waited longest are told apart by when they came", () => {
  const waiting = queue();
  for (const id of [10, 20, 30]) waiting.add(letter(id), id);
  assert.deepEqual(idsOf(Array.from(waiting.before(30), ({ stanza }) => stanza)), ["10", "20"]);
  assert.deepEqual(idsOf(waiting.take(20)), ["10"]);
  assert.deepEqual(idsOf(waiting.take(20)), []);
  assert.equal(waiting.oldestSince, 20);
});

test("a stanza that waits is a copy, which keeps nothing else alive", () => {
  const waiting = queue();
  const stanza = letter(1);
  waiting.add(stanza, 0);
  const [kept] = waiting.first(1);
  assert.notEqual(kept, stanza);
  assert.equal(kept?.toXml(), stanza.toXml());
});
