// The counters of XEP-0198 §4: what is over, what is not, and who waits for that.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HandledStanzas } from "../../src/stream/acknowledgements.js";

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
