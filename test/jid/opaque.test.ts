// Resourceparts and passwords by OpaqueString (RFC 8265 §4.2), and passwords by SASLprep (RFC 4013).
import assert from "node:assert/strict";
import { test } from "node:test";
import { opaqueString } from "../../src/jid/opaque.js";
import { prepareResource } from "../../src/jid/resource.js";
import { saslprep } from "../../src/jid/saslprep.js";

const opaque: readonly (readonly [text: string, prepared: string, clause: string])[] = [
  ["correct horse battery staple", "correct horse battery staple", "RFC 8265 §4.3 example 12: ASCII spaces stay"],
  ["Correct Horse Battery Staple", "Correct Horse Battery Staple", "RFC 8265 §4.3 example 13: case stays"],
  ["\u03C0\u00DF\u00E5", "\u03C0\u00DF\u00E5", "RFC 8265 §4.3 example 14: letters beyond ASCII"],
  ["Jack of \u2666s", "Jack of \u2666s", "RFC 8265 §4.3 example 15: a symbol"],
  ["foo\u1680bar", "foo bar", "RFC 8265 §4.3 example 16: OGHAM SPACE MARK becomes a space"],
  ["foo\u00A0bar\u3000", "foo bar ", "RFC 8265 §4.2.1: other spaces become a space"],
  ["\uFF2A\u2163\uFB01", "\uFF2A\u2163\uFB01", "RFC 8265 §4.2.1: no width mapping, no NFKC"],
  ["e\u0301", "\u00E9", "RFC 8265 §4.2.1: NFC"],
  ["\u05D0b", "\u05D0b", "RFC 8265 §4.2.1: no rule on directions"],
  ["\u{1F339}", "\u{1F339}", "a symbol beyond the first plane"],
];

for (const [text, prepared, clause] of opaque) {
  test(`OpaqueString makes ${JSON.stringify(prepared)} of ${JSON.stringify(text)}: ${clause}`, () => {
    assert.equal(opaqueString(text), prepared);
    assert.equal(prepareResource(text), prepared);
  });
}

const refused: readonly (readonly [text: string, clause: string])[] = [
  ["", "RFC 8265 §4.3 example 17: the zero-length string"],
  ["my cat is a \u0009by", "RFC 8265 §4.3 example 18: a control character"],
  ["a\u007F", "RFC 8264 §4.3.3: a control character"],
  ["a\u0000", "RFC 8264 §4.3.3: a control character"],
  ["a\u00ADb", "RFC 8264 §4.3.3: an ignorable character"],
  ["\u200Bb", "RFC 8264 §4.3.3: an ignorable character"],
  ["\u{E000}", "RFC 8264 §4.3.3: private use"],
  ["\u0378", "RFC 8264 §4.3.3: unassigned"],
  ["\u1100", "RFC 8264 §4.3.3: old Hangul jamo"],
  ["a\uD83C", "a lone surrogate"],
  ["a\u00B7b", "RFC 8264 §4.3.2: a contextual rule, broken"],
];

for (const [text, clause] of refused) {
  test(`OpaqueString refuses ${JSON.stringify(text)}: ${clause}`, () => {
    assert.throws(() => opaqueString(text), { name: "TextRefused" });
    assert.throws(() => prepareResource(text), { name: "JidMalformed", part: "resource" });
  });
}

const saslprepped: readonly (readonly [text: string, prepared: string, clause: string])[] = [
  ["I\u00ADX", "IX", "RFC 4013 §3 example 1: SOFT HYPHEN mapped to nothing"],
  ["user", "user", "RFC 4013 §3 example 2: no transformation"],
  ["USER", "USER", "RFC 4013 §3 example 3: case preserved"],
  ["\u00AA", "a", "RFC 4013 §3 example 4: NFKC"],
  ["\u2168", "IX", "RFC 4013 §3 example 5: NFKC, will match example 1"],
  ["a\u00A0\u3000b", "a  b", "RFC 4013 §2.1: other spaces become a space"],
  ["a\u200Bb\uFE0F", "ab", "RFC 3454 table B.1"],
  ["\u0627\u0628 \u0627", "\u0627\u0628 \u0627", "RFC 3454 §6: right to left throughout"],
  ["", "", "RFC 4013 does not refuse the empty string"],
];

for (const [text, prepared, clause] of saslprepped) {
  test(`SASLprep makes ${JSON.stringify(prepared)} of ${JSON.stringify(text)}: ${clause}`, () => {
    assert.equal(saslprep(text), prepared);
    assert.equal(saslprep(prepared), prepared);
  });
}

const saslprepRefuses: readonly (readonly [text: string, clause: string])[] = [
  ["\u0007", "RFC 4013 §3 example 6: prohibited character"],
  ["\u06271", "RFC 4013 §3 example 7: bidirectional check"],
  ["\u0627b\u0627", "RFC 3454 §6: mixed directions"],
  ["a\u0085", "RFC 3454 table C.2.2"],
  ["\uE000", "RFC 3454 table C.3"],
  ["\uFFFF", "RFC 3454 table C.4"],
  ["a\uD800", "RFC 3454 table C.5"],
  ["\uFFFD", "RFC 3454 table C.6"],
  ["\u2FF0", "RFC 3454 table C.7"],
  ["\u202A", "RFC 3454 table C.8"],
  ["\u{E0001}", "RFC 3454 table C.9"],
  ["\u{1F339}", "RFC 5802 §2.2: stored strings have no code point that Unicode 3.2 left unassigned"],
  ["\u0221", "RFC 3454 table A.1: its first entry"],
];

for (const [text, clause] of saslprepRefuses) {
  test(`SASLprep refuses ${JSON.stringify(text)}: ${clause}`, () => {
    assert.throws(() => saslprep(text), { name: "TextRefused" });
  });
}
