// One WebSocket message is one element (RFC 7395 §3.3.3).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { XmlFault } from "../../src/xml/fault.js";
import { readFrame } from "../../src/xml/frame.js";
import { LIMITS } from "./transcript.js";

const OPEN = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='capulet.lit' version='1.0'/>";

test("Juliet opens her stream", () => {
  const { name, namespace, to, otherAttributes } = readFrame(OPEN, LIMITS);
  assert.deepEqual([name, namespace, to], ["open", "urn:ietf:params:xml:ns:xmpp-framing", "capulet.lit"]);
  assert.equal(otherAttributes, " version='1.0'");
});

test("a frame may be bytes or text, ASCII or not", () => {
  const source = "<message xmlns='jabber:client' id='ж'><body>Ромео 💔</body></message>";
  for (const frame of [source, Buffer.from(source)]) {
    const fragment = readFrame(frame, LIMITS);
    assert.equal(fragment.id, "ж");
    assert.equal(fragment.content, "<body>Ромео 💔</body>");
    assert.equal(fragment.bytes, Buffer.byteLength(source));
  }
});

test("an XML declaration may stand before, white space behind the element", () => {
  assert.equal(readFrame(`<?xml version='1.0' encoding='UTF-8'?>\n${OPEN}\r\n `, LIMITS).name, "open");
});

test("an element without an xmlns is in no namespace", () => {
  assert.equal(readFrame("<message/>", LIMITS).namespace, "");
});

test("each frame stands for itself: no prefix is known but those it declares", () => {
  const features = "<stream:features xmlns:stream='http://etherx.jabber.org/streams'/>";
  assert.equal(readFrame(features, LIMITS).namespace, "http://etherx.jabber.org/streams");
  assert.equal(conditionOf("<stream:features/>"), "not-well-formed");
});

function conditionOf(frame: string | Buffer, limits = LIMITS): string {
  try {
    readFrame(frame, limits);
  } catch (error) {
    assert.ok(error instanceof XmlFault);
    return error.condition;
  }
  return "accepted";
}

const refused: [string | Buffer, string][] = [
  ["", "bad-format"],
  [" ", "bad-format"],
  [` ${OPEN}`, "bad-format"],
  ["Romeo", "bad-format"],
  ["<", "not-well-formed"],
  ["<message", "not-well-formed"],
  ["<message xmlns='jabber:client'><body>Rom", "not-well-formed"],
  ["<message/><message/>", "not-well-formed"],
  ["<message/>x", "not-well-formed"],
  ["</stream:stream>", "not-well-formed"],
  ["<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>", "not-well-formed"],
  ["<?xml version='1.0'?>", "not-well-formed"],
  ["<?xml version='1.0'", "not-well-formed"],
  ["<?xml version='1.0' encoding='latin1'?><a/>", "unsupported-encoding"],
  ["<?a?><a/>", "restricted-xml"],
  ["<a/><?a?>", "restricted-xml"],
  ["<!-- --><a/>", "restricted-xml"],
  ["<a/><!-- -->", "restricted-xml"],
  ["<!DOCTYPE a><a/>", "restricted-xml"],
  ["<a><!-- --></a>", "restricted-xml"],
  ["<![CDATA[x]]>", "not-well-formed"],
  ["<a>\ufffe</a>", "not-well-formed"],
  [Buffer.from("<a>\xff</a>", "latin1"), "unsupported-encoding"],
  [`<a>${"x".repeat(LIMITS.stanzaBytes)}</a>`, "policy-violation"],
  ["<a>".repeat(LIMITS.depth + 1), "policy-violation"],
];

describe("frames that are refused", () => {
  for (const [frame, condition] of refused) {
    test(`${JSON.stringify(frame.toString().slice(0, 80))} is answered with ${condition}`, () => {
      assert.equal(conditionOf(frame), condition);
    });
  }
});
