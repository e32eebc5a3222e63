// Acknowledgements between servers: when we ask, what we answer, and which numbers we do not believe.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Management } from "../../src/s2s/management.js";
import type { Stream } from "../../src/stream/stream.js";
import { StreamError } from "../../src/stream/stream-error.js";
import type { Fragment } from "../../src/xml/fragment.js";
import { readFrame } from "../../src/xml/frame.js";
import { letter } from "./support/letters.js";

const limits = { stanzaBytes: 10_000, depth: 10, attributes: 10, nameLength: 100 };
const ask = "<r xmlns='urn:xmpp:sm:3'/>";

function fragment(xml: string): Fragment {
  return readFrame(Buffer.from(xml.replace(/[ />]/, " xmlns='urn:xmpp:sm:3'$&")), limits);
}

class Talk {
  readonly written: string[] = [];
  readonly stream = { write: (xml: string) => void this.written.push(xml) } as unknown as Stream;
  readonly management = new Management(this.stream, true, true);

  sends(count: number): void {
    for (let id = 1; id <= count; id += 1) {
      this.management.count(letter(id));
      this.management.counted(1000);
    }
  }

  hears(xml: string): boolean {
    return this.management.take(fragment(xml));
  }
}

test("it asks with every fiftieth stanza, answered or not", () => {
  const talk = new Talk();
  talk.sends(49);
  assert.deepEqual(talk.written, []);
  talk.sends(1);
  assert.deepEqual([talk.written, talk.management.askedAt], [[ask], 1000]);
  talk.sends(200);
  assert.deepEqual(talk.written, [ask, ask, ask, ask, ask]);
  assert.equal(talk.management.askedAt, 1000);
  talk.hears("<a h='250'/>");
  assert.equal(talk.management.askedAt, undefined);
  talk.sends(50);
  assert.equal(talk.written.length, 6);
});

test("it does not ask when there is nothing to ask for", () => {
  const talk = new Talk();
  talk.management.ask(5);
  talk.sends(1);
  talk.hears("<a h='1'/>");
  talk.management.ask(6);
  assert.deepEqual(talk.written, []);
});

test("an answer tells what is over, and a later one follows when that has become more", () => {
  const talk = new Talk();
  const handled = talk.management.received();
  handled?.add();
  talk.management.received()?.add();
  const hold = handled?.hold();
  assert.equal(talk.hears("<r/>"), true);
  hold?.release();
  assert.deepEqual(talk.written, ["<a xmlns='urn:xmpp:sm:3' h='1'/>", "<a xmlns='urn:xmpp:sm:3' h='2'/>"]);
});

test("nobody is told who has not asked", () => {
  const talk = new Talk();
  talk.management.received()?.add();
  talk.management.handled.hold().release();
  assert.deepEqual(talk.written, []);
});

test("numbers that are none, and those of stanzas never sent, end the stream", () => {
  for (const h of ["", "-1", "1.5", "0x1", "four", "4", "99999999999"]) {
    const talk = new Talk();
    talk.sends(3);
    const isRight = (error: unknown): boolean =>
      error instanceof StreamError &&
      error.condition === "undefined-condition" &&
      error.toXml(false).includes(`<handled-count-too-high xmlns='urn:xmpp:sm:3' h='${h}' send-count='3'/>`);
    assert.throws(() => talk.hears(`<a h='${h}'/>`), isRight, h);
    assert.equal(talk.management.sent.length, 3);
  }
});

test("what is neither a question nor an answer is for somebody else", () => {
  const talk = new Talk();
  assert.equal(talk.hears("<enable/>"), false);
  assert.equal(talk.hears("<resumed h='0'/>"), false);
});

test("what has been sent is confirmed once all of it is, or the stream is over", async () => {
  const talk = new Talk();
  await talk.management.confirmed(); // nothing to wait for
  talk.sends(2);
  const settled: string[] = [];
  const first = talk.management.confirmed().then(() => settled.push("first"));
  talk.hears("<a h='1'/>");
  await Promise.resolve();
  assert.deepEqual(settled, []);
  talk.hears("<a h='2'/>");
  await first;
  talk.sends(1);
  const second = talk.management.confirmed();
  talk.management.ended();
  await second;
  assert.deepEqual(settled, ["first"]);
});

test("before both have agreed what comes does not count", () => {
  const management = new Management(new Talk().stream, true, false);
  assert.equal(management.received(), undefined);
  management.enable("s1");
  assert.deepEqual([management.received(), management.id], [management.handled, "s1"]);
});

test("only the last thing they said makes it up to date", () => {
  const talk = new Talk();
  talk.sends(1);
  assert.equal(talk.management.isUpToDate, false);
  talk.hears("<a h='0'/>");
  assert.equal(talk.management.isUpToDate, true);
  talk.hears("<r/>");
  assert.equal(talk.management.isUpToDate, false);
  talk.hears("<a h='0'/>");
  talk.management.received();
  assert.equal(talk.management.isUpToDate, false);
});

test("on the next stream it may ask at once", () => {
  const talk = new Talk();
  talk.sends(50);
  const next = new Talk();
  talk.management.moveTo(next.stream);
  talk.management.ask(7);
  assert.deepEqual([talk.written, next.written, talk.management.askedAt], [[ask], [ask], 7]);
});
