// Nicknames by RFC 8266: what is shown of them, and which are the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nicknameKey, prepareNickname } from "../../src/jid/nickname.js";

const nicknames: readonly (readonly [text: string, shown: string, key: string, clause: string])[] = [
  ["Foo", "Foo", "foo", "§3 example 1"],
  ["foo", "foo", "foo", "§3 example 2"],
  ["Foo Bar", "Foo Bar", "foo bar", "§3 example 3"],
  ["foo bar", "foo bar", "foo bar", "§3 example 4"],
  ["\u03A3", "\u03A3", "\u03C3", "§3 example 5: GREEK CAPITAL LETTER SIGMA"],
  ["\u03C3", "\u03C3", "\u03C3", "§3 example 6: GREEK SMALL LETTER SIGMA"],
  ["\u03C2", "\u03C2", "\u03C2", "§3 example 7: GREEK SMALL LETTER FINAL SIGMA stays one"],
  ["\u265A", "\u265A", "\u265A", "§3 example 8: BLACK CHESS KING"],
  ["Richard \u2163", "Richard IV", "richard iv", "§3 example 9: ROMAN NUMERAL FOUR"],
  ["  St  Peter ", "St Peter", "st peter", "§2.1: spaces at the ends, and several of them"],
  ["St\u00A0\u3000Peter\u1680", "St Peter", "st peter", "§2.1: other spaces"],
  ["\uFF32\uFF4F\uFF4D\uFF45\uFF4F", "Romeo", "romeo", "§2.1: fullwidth letters, by NFKC"],
  ["\uFB01x", "fix", "fix", "§2.1: a ligature, by NFKC"],
  ["e\u0301", "\u00E9", "\u00E9", "§2.1: composed, by NFKC"],
  ["\u33BE", "kW", "kw", "RFC 8264 §7: capitals that only NFKC brings to light are mapped as well"],
  ["\u00A8", "\u0308", "\u0308", "RFC 8264 §7: a space that only NFKC brings to light is removed as well"],
  ["\u00DF", "\u00DF", "\u00DF", "§2.1: mapped to lower case, not folded"],
  ["\u05D0b", "\u05D0b", "\u05D0b", "§2.1: no rule on directions"],
  ["\u{1F339} Rose", "\u{1F339} Rose", "\u{1F339} rose", "a symbol beyond the first plane"],
  ["a/b@c", "a/b@c", "a/b@c", "what would part an address is allowed in its resource"],
];

for (const [text, shown, key, clause] of nicknames) {
  test(`the nickname ${JSON.stringify(text)} is shown as ${JSON.stringify(shown)}: ${clause}`, () => {
    assert.equal(prepareNickname(text), shown);
    assert.equal(nicknameKey(text), key);
  });
}

const refused: readonly (readonly [text: string, clause: string])[] = [
  ["", "§2.3: nothing"],
  ["   ", "§2.3: nothing but spaces"],
  ["\u3000 \u00A0", "§2.3: nothing but other spaces"],
  ["a\tb", "§2.2: a control character"],
  ["a\nb", "§2.2: a control character"],
  ["Rom\u00ADeo", "§2.2: an invisible character"],
  ["Romeo\u200B", "§2.2: an invisible character"],
  ["\u202EoemoR", "§2.2: a character that turns the direction"],
  ["\u{E000}", "§2.2: private use"],
  ["\u0378", "§2.2: unassigned"],
  ["a\uD83C", "a lone surrogate"],
  ["a\u00B7b", "RFC 8264 §4.3.2: a contextual rule, broken"],
  ["r".repeat(1024), "RFC 7622 §3.4: too long for an address"],
  [" ".repeat(10_000) + "r", "too long to be looked at"],
  ["\uFDFA".repeat(100), "RFC 7622 §3.4: too long once compatibility characters are replaced"],
];

for (const [text, clause] of refused) {
  test(`the nickname ${JSON.stringify(text.slice(0, 20))} is none: ${clause}`, () => {
    assert.throws(() => prepareNickname(text), { name: "TextRefused" });
    assert.throws(() => nicknameKey(text), { name: "TextRefused" });
  });
}

test("nicknames as long as an address allows are whole", () => {
  for (const nickname of ["r".repeat(1023), "\u265A".repeat(341)]) {
    assert.equal(prepareNickname(nickname), nickname);
    assert.equal(nicknameKey(nickname), nickname);
  }
});
