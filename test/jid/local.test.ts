// Localparts: RFC 7622 §3.3, by the profile UsernameCaseMapped of RFC 8265 §3.3.
import assert from "node:assert/strict";
import { test } from "node:test";
import { prepareLocal } from "../../src/jid/local.js";

const accepted: readonly (readonly [text: string, prepared: string, clause: string])[] = [
  ["Juliet", "juliet", "RFC 8265 §3.3.1: case mapping"],
  ["!#$%()*+,-.;=?[\\]^_`{|}~", "!#$%()*+,-.;=?[\\]^_`{|}~", "RFC 8264 §9.11: ASCII7, without RFC 7622 §3.3.1"],
  ["\uFF2A\uFF35\uFF2C\uFF11", "jul1", "RFC 8265 §3.3.1: width mapping"],
  ["\uFF8A\uFF9F", "\u30D1", "RFC 8265 §3.3.1: halfwidth katakana and its mark, then NFC"],
  ["u\u0308", "\u00FC", "RFC 8265 §3.3.1: NFC"],
  ["\u1E9E", "\u00DF", "capital sharp s has a small one"],
  ["\u0130", "i\u0307", "capital i with a dot keeps the dot"],
  ["\u1F08\u03A3\u03A3", "\u1F00\u03C3\u03C2", "Greek case, the last sigma is final"],
  ["\u03C2", "\u03C2", "RFC 8265 §3.3.1: toLowerCase leaves a final sigma"],
  ["\u0627\u0660\u0661", "\u0627\u0660\u0661", "RFC 5892 A.8"],
  ["L\u00B7L", "l\u00B7l", "RFC 5892 A.3, asked of the result"],
  ["\u05D0\u05D11", "\u05D0\u05D11", "RFC 5893 §2: ends with a number"],
  ["\u{10400}", "\u{10428}", "beyond the first plane"],
  ["\u13A0", "\uAB70", "Cherokee has small letters"],
  ["\u0915\u094D\u200D\u0937", "\u0915\u094D\u200D\u0937", "RFC 5892 A.2: ZWJ behind a virama"],
];

for (const [text, prepared, clause] of accepted) {
  test(`accepts ${JSON.stringify(text)}: ${clause}`, () => {
    assert.equal(prepareLocal(text), prepared);
    assert.equal(prepareLocal(prepared), prepared);
  });
}

const refused: readonly (readonly [text: string, character: string, clause: string])[] = [
  ...Array.from("\"&'/:<>@", (mark) => [`a${mark}b`, mark, "RFC 7622 §3.3.1"] as const),
  ...Array.from("\uFF02\uFF06\uFF07\uFF0F\uFF1A\uFF1C\uFF1E\uFF20", (mark) => {
    return [`a${mark}b`, mark.normalize("NFKC"), "RFC 7622 §3.3.1, of the fullwidth form"] as const;
  }),
  ["a b", " ", "RFC 8264 §4.2.3: Spaces"],
  ["a\u3000b", " ", "RFC 8264 §4.2.3: Spaces, of the fullwidth form"],
  ["a\u00A0b", "\u00A0", "RFC 8264 §4.2.3: Spaces"],
  ["a\tb", "\t", "RFC 8264 §4.2.3: Controls"],
  ["a\u007Fb", "\u007F", "RFC 8264 §4.2.3: Controls"],
  ["a\u0085b", "\u0085", "RFC 8264 §4.2.3: Controls"],
  ["\u265A", "\u265A", "RFC 8264 §4.2.3: Symbols"],
  ["\u00BF", "\u00BF", "RFC 8264 §4.2.3: Punctuation"],
  ["henry\u2163", "\u2163", "RFC 8264 §4.2.3: HasCompat"],
  ["\u212A", "\u212A", "RFC 8265 §3.3.2: KELVIN SIGN is refused before it would be mapped"],
  ["x\u00B2", "\u00B2", "RFC 8264 §4.2.3: HasCompat"],
  ["\uFB01", "\uFB01", "RFC 8264 §4.2.3: HasCompat"],
  ["\u01C5", "\u01C5", "RFC 8264 §4.2.3: titlecase with HasCompat"],
  ["\u1100", "\u1100", "RFC 8264 §9.9: OldHangulJamo"],
  ["a\u00ADb", "\u00AD", "RFC 8264 §9.13: ignorable"],
  ["a\uFE0Fb", "\uFE0F", "RFC 8264 §9.13: ignorable"],
  ["\uE000", "\uE000", "RFC 8264 §4.2.3: private use"],
  ["\u0378", "\u0378", "RFC 8264 §9.7: unassigned"],
  ["\uFDD0", "\uFDD0", "RFC 8264 §9.13: noncharacter"],
  ["a\uDC00", "\uDC00", "a lone surrogate"],
  ["\u0640", "\u0640", "RFC 8264 §9.6: exception"],
];

for (const [text, character, clause] of refused) {
  test(`refuses ${JSON.stringify(text)}: ${clause}`, () => {
    const name = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    const reason = `contains U+${name}, which is not allowed there`;
    assert.throws(() => prepareLocal(text), { name: "JidMalformed", part: "local", reason });
  });
}

const misplaced: readonly (readonly [text: string, character: string, clause: string])[] = [
  ["a\u00B7b", "00B7", "RFC 5892 A.3"],
  ["\u0660\u06F1", "0660", "RFC 5892 A.8"],
  ["a\u200Cb", "200C", "RFC 5892 A.1"],
  ["a\u200D", "200D", "RFC 5892 A.2"],
  ["\u30FB", "30FB", "RFC 5892 A.7"],
];

for (const [text, name, clause] of misplaced) {
  test(`refuses ${JSON.stringify(text)}: ${clause}`, () => {
    const reason = `has U+${name} in a place that its rule forbids`;
    assert.throws(() => prepareLocal(text), { name: "JidMalformed", part: "local", reason });
  });
}

for (const text of ["\u05D0b", "b\u05D0", "1\u05D0", "\u05D0-", "\u0627\u06611", "_\u05D0"]) {
  test(`refuses ${JSON.stringify(text)}: RFC 5893 §2, the Bidi Rule`, () => {
    const reason = "breaks the rule on writing direction";
    assert.throws(() => prepareLocal(text), { name: "JidMalformed", part: "local", reason });
  });
}

test("refuses an empty localpart (RFC 7622 §3.3)", () => {
  assert.throws(() => prepareLocal(""), { part: "local", reason: "is empty" });
});
