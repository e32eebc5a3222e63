// Every bound on what a peer may send, and that reading costs no more however the bytes arrive.
import assert from "node:assert/strict";
import { test } from "node:test";
import { StreamReader } from "../../src/xml/reader.js";
import type { ReaderLimits, XmlFault } from "../../src/xml/reader.js";
import { HEADER, LIMITS, linesAfterHeader, read, Transcript } from "./transcript.js";

const TEXT_OF_SIZE = "A stanza is larger than allowed.";

function faultText(input: string, limits: ReaderLimits): string {
  let text = "";
  const events = { onOpen() {}, onFragment() {}, onClose() {}, onFault: (fault: XmlFault) => (text = fault.text) };
  new StreamReader(events, limits).write(Buffer.from(HEADER + input));
  return text;
}

test("a stanza of exactly the limit is read, one byte more is refused", () => {
  const stanzaOf = (bytes: number) => `<message>${"x".repeat(bytes - "<message></message>".length)}</message>`;
  const limits = { ...LIMITS, stanzaBytes: 300 };
  assert.equal(linesAfterHeader(stanzaOf(300), limits).length, 1);
  assert.deepEqual(linesAfterHeader(stanzaOf(301), limits), ["fault policy-violation"]);
  assert.equal(faultText(stanzaOf(301), limits), TEXT_OF_SIZE);
});

test("a stanza that never ends is refused at the limit, whatever it consists of", () => {
  const endless = ["<message>Romeo", "<message to='Romeo", "<message              ", "<message><![CDATA[Romeo"];
  for (const begun of [...endless, "<message><a></a><a></a>", "<message><a/>é"]) {
    const transcript = new Transcript();
    const limited = new StreamReader(transcript, { ...LIMITS, stanzaBytes: 1000 });
    limited.write(Buffer.from(HEADER + begun));
    for (let turn = 0; turn < 2000; turn++) limited.write(Buffer.from(begun.slice(-1)));
    assert.deepEqual(transcript.lines, ["open stream", "fault policy-violation"], begun);
    assert.equal(limited.bufferedBytes, 0);
  }
});

test("the stream header is bounded like a stanza", () => {
  const { lines } = read(`<stream to='${"x".repeat(20_000)}`, 100);
  assert.deepEqual(lines, ["fault policy-violation"]);
});

test("white space before and between stanzas counts for nothing", () => {
  const { lines } = read(`${HEADER}${" ".repeat(50_000)}<presence/>`, 100);
  assert.deepEqual(lines, ["open stream", "presence: "]);
});

test("elements are nested no deeper than the limit", () => {
  const nested = (depth: number) => "<a>".repeat(depth - 1) + "<b/>" + "</a>".repeat(depth - 1);
  assert.equal(linesAfterHeader(nested(LIMITS.depth)).length, 1);
  assert.deepEqual(linesAfterHeader(nested(LIMITS.depth + 1)), ["fault policy-violation"]);
  assert.equal(faultText(nested(LIMITS.depth + 1), LIMITS), "Elements are nested too deep.");
});

test("an element has no more attributes than the limit", () => {
  const attributed = (count: number) => `<message${Array.from({ length: count }, (_, at) => ` a${at}=''`).join("")}/>`;
  assert.equal(linesAfterHeader(attributed(LIMITS.attributes)).length, 1);
  assert.deepEqual(linesAfterHeader(attributed(LIMITS.attributes + 1)), ["fault policy-violation"]);
  assert.equal(faultText(attributed(LIMITS.attributes + 1), LIMITS), "An element has too many attributes.");
});

test("a stanza contains no more elements than the limit", () => {
  const limits = { ...LIMITS, childElements: 5 };
  assert.equal(linesAfterHeader("<iq><a/><a><a/></a><a/><a/></iq>", limits).length, 1);
  assert.deepEqual(linesAfterHeader("<iq><a/><a><a/></a><a/><a/><a/></iq>", limits), ["fault policy-violation"]);
  assert.equal(faultText("<iq><a/><a/><a/><a/><a/><a/></iq>", limits), "An element contains too many elements.");
});

test("each stanza may contain as many elements as the limit", () => {
  const limits = { ...LIMITS, childElements: 2 };
  assert.equal(linesAfterHeader("<iq><a/><a/></iq>".repeat(5), limits).length, 5);
});

test("names are no longer than the limit", () => {
  const name = "a".repeat(LIMITS.nameLength);
  assert.equal(linesAfterHeader(`<iq><${name} ${name}=''/></iq>`).length, 1);
  assert.deepEqual(linesAfterHeader(`<iq><${name}a/></iq>`), ["fault policy-violation"]);
  assert.deepEqual(linesAfterHeader(`<iq ${name}a=''/>`), ["fault policy-violation"]);
  assert.equal(faultText(`<iq ${name}a=''/>`, LIMITS), "A name is too long.");
});

test("a reference is no longer than anybody needs", () => {
  assert.equal(linesAfterHeader("<iq>&#0000000065;</iq>").length, 1);
  assert.deepEqual(linesAfterHeader(`<iq>&#${"0".repeat(100)}65;</iq>`), ["fault policy-violation"]);
  assert.deepEqual(linesAfterHeader(`<iq a='&#${"0".repeat(100)}65;'/>`), ["fault policy-violation"]);
});

test("limits replaced between stanzas hold from the next stanza on", () => {
  const transcript = new Transcript();
  const reader = new StreamReader(transcript, { ...LIMITS, stanzaBytes: 200 });
  reader.write(Buffer.from(`${HEADER}<iq>${"x".repeat(100)}</iq>`));
  reader.limits = { ...LIMITS, stanzaBytes: 100 };
  reader.write(Buffer.from(`<iq>${"x".repeat(100)}</iq>`));
  assert.deepEqual(transcript.lines.at(-1), "fault policy-violation");
});
