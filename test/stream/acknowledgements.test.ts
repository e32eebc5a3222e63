// The counters of XEP-0198 §4: what is over, what is not, and who waits for that.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseStanza } from "../../src/stanza/parse-stanza.js";
import { HandledStanzas, SentStanzas } from "../../src/stream/acknowledgements.js";

test("who has too much under way is told once when there is less of it", () => {
  const handled = new HandledStanzas(() => undefined);
  const holds = Array.from({ length: 4 }, () => {
    handled.add();
    return handled.hold();
  });
  let times = 0;
  handled.whenFewer(3, () => (times += 1));
  assert.equal(handled.open, 4);
  holds[3]?.release();
  assert.deepEqual([handled.open, handled.count, times], [3, 0, 0]);
  holds[1]?.hold();
  holds[1]?.release();
  assert.deepEqual([handled.open, times], [3, 0]);
  holds[0]?.release();
  assert.deepEqual([handled.open, handled.count, times], [2, 1, 1]);
  holds[1]?.release();
  holds[2]?.release();
  assert.deepEqual([handled.open, handled.count, times], [0, 4, 1]);
});

test("a stanza that was over and waits again counts again", () => {
  const handled = new HandledStanzas(() => undefined);
  handled.add();
  const first = handled.hold();
  handled.add();
  handled.hold().release();
  handled.hold();
  assert.deepEqual([handled.open, handled.count], [2, 0]);
  first.release();
  assert.deepEqual([handled.open, handled.count], [1, 1]);
});

function letter(id: number) {
  return parseStanza(`<message xmlns='jabber:client' id='${id}'/>`);
}

function sent(count: number): SentStanzas {
  const stanzas = new SentStanzas();
  for (let id = 1; id <= count; id += 1) stanzas.add(letter(id));
  return stanzas;
}

function idsOf(stanzas: SentStanzas): number[] {
  return stanzas.unacknowledged.map(({ id }) => Number(id));
}

test("what has been acknowledged is kept no longer, and each stanza is told of once", () => {
  const stanzas = sent(5);
  const told: (string | undefined)[] = [];
  stanzas.onHandled = ({ id }) => told.push(id);
  assert.equal(stanzas.acknowledge(0), true);
  assert.equal(stanzas.acknowledge(2), true);
  assert.deepEqual([idsOf(stanzas), stanzas.length, stanzas.count], [[3, 4, 5], 3, 5]);
  assert.equal(stanzas.acknowledge(5), true);
  assert.deepEqual([idsOf(stanzas), stanzas.length, stanzas.count], [[], 0, 5]);
  assert.deepEqual(told, ["1", "2", "3", "4", "5"]);
});

test("a lower number than before is no news", () => {
  const stanzas = sent(5);
  stanzas.acknowledge(4);
  for (const lower of [4, 3, 0]) assert.equal(stanzas.acknowledge(lower), true, String(lower));
  assert.deepEqual([idsOf(stanzas), stanzas.count], [[5], 5]);
});

test("a number of stanzas that were never sent is refused, and changes nothing", () => {
  const stanzas = sent(5);
  stanzas.acknowledge(3);
  for (const higher of [6, 7, 1_000_000, 2 ** 31]) assert.equal(stanzas.acknowledge(higher), false, String(higher));
  assert.deepEqual([idsOf(stanzas), stanzas.count], [[4, 5], 5]);
  assert.equal(new SentStanzas().acknowledge(1), false);
});

test("both counters start again at zero behind 2^32 - 1 (XEP-0198 §4)", () => {
  const last = 2 ** 32 - 1;
  const stanzas = wornOut(last);
  for (let id = 1; id <= 4; id += 1) stanzas.add(letter(id));
  assert.equal(stanzas.count, 3);
  assert.equal(stanzas.acknowledge(last - 1), true); // lower
  assert.equal(stanzas.acknowledge(4), false); // never sent
  assert.deepEqual(idsOf(stanzas), [1, 2, 3, 4]);
  assert.equal(stanzas.acknowledge(0), true);
  assert.deepEqual(idsOf(stanzas), [2, 3, 4]);
  assert.equal(stanzas.acknowledge(2), true);
  assert.equal(stanzas.acknowledge(last), true); // lower
  assert.deepEqual([idsOf(stanzas), stanzas.count], [[4], 3]);
});

/** As after so many stanzas, all of them acknowledged. The stanzas are only counted: nobody can wait for so many. */
function wornOut(count: number): SentStanzas {
  const step = 2 ** 30;
  const stanzas = new SentStanzas();
  const length = Object.getOwnPropertyDescriptor(SentStanzas.prototype, "length") ?? {};
  Object.defineProperty(stanzas, "length", { configurable: true, get: () => step });
  for (let total = step; total < count; total += step) stanzas.acknowledge(total);
  stanzas.acknowledge(count);
  Object.defineProperty(stanzas, "length", length);
  return stanzas;
}

test("a great many stanzas come and go without those before them being kept", () => {
  const stanzas = new SentStanzas();
  for (let id = 1; id <= 5000; id += 1) {
    stanzas.add(letter(id));
    if (id > 10) assert.equal(stanzas.acknowledge(id - 10), true);
  }
  assert.deepEqual(idsOf(stanzas), [4991, 4992, 4993, 4994, 4995, 4996, 4997, 4998, 4999, 5000]);
});

test("stanzas may be over in any order; the number tells of those before which none is open", () => {
  const told: number[] = [];
  const handled: HandledStanzas = new HandledStanzas(() => told.push(handled.count));
  const holds = Array.from({ length: 5 }, () => {
    handled.add();
    return handled.hold();
  });
  const counts = [4, 1, 0, 3, 2].map((place) => {
    holds[place]?.release();
    return handled.count;
  });
  assert.deepEqual([counts, told, handled.open], [[0, 0, 2, 2, 5], [2, 5], 0]);
});

test("what nobody holds is over at once, behind what somebody holds it is not told", () => {
  const handled = new HandledStanzas(() => undefined);
  handled.add();
  handled.add();
  assert.equal(handled.count, 2);
  handled.add();
  const hold = handled.hold();
  handled.add();
  assert.equal(handled.count, 2);
  hold.release();
  assert.equal(handled.count, 4);
});

test("a stanza that waits for several things is over with the last of them", () => {
  const handled = new HandledStanzas(() => undefined);
  handled.add();
  const [one, other] = [handled.hold(), handled.hold()];
  assert.equal(handled.open, 1);
  one.release();
  assert.equal(handled.count, 0);
  other.release();
  assert.deepEqual([handled.count, handled.open], [1, 0]);
});
