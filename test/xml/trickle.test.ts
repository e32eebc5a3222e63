// Reading costs the same for each byte, however long the stanza and however small the pieces it comes in.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { StreamReader } from "../../src/xml/reader.js";
import { INCOMPLETE, Scanner } from "../../src/xml/scanner.js";
import { EMPTY_SCOPE } from "../../src/xml/scope.js";
import { Window } from "../../src/xml/window.js";
import { HEADER, LIMITS, Transcript } from "./transcript.js";

const limits = { ...LIMITS, stanzaBytes: 1_000_000, attributes: 1_000_000 };

/** Bytes that count how often one of them is looked at. */
function counted(bytes: Buffer): { bytes: Buffer; looks: () => number } {
  let looks = 0;
  const get = (target: Buffer, key: string | symbol): unknown => {
    if (typeof key === "string" && /^\d+$/.test(key)) looks++;
    const value: unknown = Reflect.get(target, key, target);
    return typeof value === "function" ? (value.bind(target) as unknown) : value;
  };
  return { bytes: new Proxy(bytes, { get }), looks: () => looks };
}

/** Looks at each byte, on average, while the stanza arrives byte by byte and is never completed. */
function looksPerByte(source: string): number {
  const { bytes, looks } = counted(Buffer.from(source));
  const scanner = new Scanner();
  scanner.begin(0, EMPTY_SCOPE, limits, false);
  for (let end = 1; end <= source.length; end++) assert.equal(scanner.scan(bytes, end), INCOMPLETE);
  return looks() / source.length;
}

/** Each: how a stanza begins, and what it then goes on with. */
const endless: Record<string, [string, string]> = {
  text: ["<message>", "Romeo "],
  "text of greater signs": ["<message>", "]>"],
  references: ["<message>", "&amp;"],
  children: ["<message>", "<a></a>"],
  "tags that are known": ["<message>", "<body>x</body>"],
  "a value": ["<message to='", "Romeo "],
  "a value of greater signs": ["<message to='", ">"],
  "a value of other quotes": ["<message to='", '"'],
  "references in a value": ["<message to='", "&lt;"],
  "white space in a tag": ["<message ", " "],
  "white space in an end tag": ["<message></message ", " "],
  "white space in an attribute": ["<message to = ", " "],
  CDATA: ["<message><![CDATA[", "]"],
  "a name": ["<", "message"],
};

describe("looks at each byte of an endless stanza that trickles in", () => {
  for (const [title, [begin, more]] of Object.entries(endless)) {
    test(title, () => {
      const short = looksPerByte(begin + more.repeat(2_000 / more.length));
      const long = looksPerByte(begin + more.repeat(16_000 / more.length));
      assert.ok(long < 40, `${long} looks at each byte`);
      assert.ok(long < short * 1.1, `${short} looks at each byte of a short stanza, ${long} of a long one`);
    });
  }
});

test("a stanza that trickles in is copied a few times only", () => {
  const window = new Window();
  const places = new Set<Buffer>();
  window.show(Buffer.from("<"));
  window.keep(limits.stanzaBytes);
  for (let count = 0; count < 100_000; count++) {
    window.append(Buffer.from("x"), limits.stanzaBytes);
    places.add(window.bytes);
  }
  const copied = [...places].reduce((sum, place) => sum + place.length, 0);
  assert.ok(copied < 100_000 * 5, `${copied} bytes of room taken for 100000`);
});

test("what is kept is never much more than the limit", () => {
  const window = new Window();
  window.show(Buffer.alloc(900, "x"));
  window.keep(1_000);
  window.append(Buffer.alloc(300, "x"), 1_000);
  assert.ok(window.bytes.length <= 1_000 + 4_096 + 300);
});

test("keeping the rest of a chunk does not keep the chunk", () => {
  const window = new Window();
  const chunk = Buffer.alloc(65_536, "x");
  window.show(chunk);
  window.start = chunk.length - 10;
  assert.equal(window.keep(100_000), -(chunk.length - 10));
  assert.equal(window.length, 10);
  assert.ok(window.bytes.buffer.byteLength <= 20);
});

test("an idle reader takes little memory", () => {
  const transcript = new Transcript();
  const readers: StreamReader[] = [];
  const open = () => {
    const reader = new StreamReader(transcript, LIMITS);
    reader.write(Buffer.from(`${HEADER}<presence/>`));
    reader.write(Buffer.from("<message><body>Good night</body></message> "));
    readers.push(reader);
  };
  for (let count = 0; count < 1_000; count++) open();
  transcript.fragments.length = transcript.lines.length = 0;
  const before = usedMemory();
  for (let count = 0; count < 2_000; count++) open();
  transcript.fragments.length = transcript.lines.length = 0;
  const perReader = (usedMemory() - before) / 2_000;
  assert.equal(readers.length, 3_000);
  assert.ok(perReader < 500, `${perReader} bytes a reader`);
});

function usedMemory(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}
