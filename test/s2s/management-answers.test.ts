// Stream management between servers (XEP-0198 §4): how often a number is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Management } from "../../src/s2s/management.js";
import type { Stream } from "../../src/stream/stream.js";
import { readFrame } from "../../src/xml/frame.js";

const limits = { stanzaBytes: 10_000, depth: 8, attributes: 16, childElements: 16, nameLength: 64 };
const question = readFrame(Buffer.from("<r xmlns='urn:xmpp:sm:3'/>"), limits);

/** Management as it is once both sides have agreed, and the numbers that it tells. */
function begin(): { management: Management; told: (string | undefined)[] } {
  const told: (string | undefined)[] = [];
  const stream = { write: (xml: string) => told.push(/ h='(\d+)'/.exec(xml)?.[1]) } as unknown as Stream;
  return { management: new Management(stream, true, true), told };
}

test("what is over at once is told when it is asked for, and not again with every stanza", () => {
  const { management, told } = begin();
  for (let number = 1; number <= 100; number += 1) {
    management.received()?.add();
    management.handled.hold().release();
    if (number === 50) management.take(question);
  }
  assert.deepEqual(told, ["50"]);
});

test("what is not over when it is asked for is told once all of it is", () => {
  const { management, told } = begin();
  const holds = [1, 2, 3].map(() => {
    management.received()?.add();
    return management.handled.hold();
  });
  management.take(question);
  management.received()?.add();
  const later = management.handled.hold();
  for (const hold of holds) hold.release();
  later.release();
  assert.deepEqual(told, ["0", "3"]);
});
