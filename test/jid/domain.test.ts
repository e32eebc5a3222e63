// Domainparts: RFC 7622 §3.2, and the labels of IDNA2008 (RFC 5891, 5892, 5893).
import assert from "node:assert/strict";
import { test } from "node:test";
import { prepareDomain } from "../../src/jid/domain.js";

const ruleOfDirection = "breaks the rule on writing direction";

const accepted: readonly (readonly [text: string, prepared: string, clause: string])[] = [
  ["montague.example", "montague.example", "RFC 5890 §2.3.1: NR-LDH labels"],
  ["Montague.EXAMPLE.", "montague.example", "RFC 7622 §3.2: small letters, no final dot"],
  ["a--b.3com.example", "a--b.3com.example", "hyphens inside, a digit in front"],
  ["localhost", "localhost", "a single label"],
  ["b\u00FCcher.example", "b\u00FCcher.example", "a U-label"],
  ["BU\u0308CHER.example", "b\u00FCcher.example", "RFC 5895 §2: case, then NFC"],
  ["xn--bcher-kva.example", "b\u00FCcher.example", "RFC 7622 §3.2.1: an A-label becomes its U-label"],
  ["XN--BCHER-KVA.example", "b\u00FCcher.example", "RFC 5890 §2.3.2.1: A-labels ignore case"],
  ["fa\u00DF.example", "fa\u00DF.example", "RFC 5892 §2.6: sharp s is valid"],
  ["xn--fa-hia.example", "fa\u00DF.example", "RFC 5892 §2.6: sharp s is valid"],
  ["xn--nxasmm1c.example", "\u03B2\u03CC\u03BB\u03BF\u03C2.example", "RFC 5892 §2.6: final sigma is valid"],
  ["\u039F\u03A3.EXAMPLE", "\u03BF\u03C2.example", "the final sigma of a label, not of the whole name"],
  ["\uFF45\uFF58\uFF0Ecom", "ex.com", "RFC 5895 §2: fullwidth letters and dot"],
  ["\u6708\u3002example\u3002", "\u6708.example", "RFC 5895 §2: the ideographic full stop"],
  ["\u13E3\u13B3\u13A9.example", "\u13E3\u13B3\u13A9.example", "RFC 5892 §2.2: Cherokee capitals are the stable ones"],
  ["paral\u00B7lel.example", "paral\u00B7lel.example", "RFC 5892 A.3: middle dot between two l"],
  ["PARAL\u00B7LEL.example", "paral\u00B7lel.example", "RFC 5892 A.3: asked after the case mapping"],
  ["\u0375\u03B1.example", "\u0375\u03B1.example", "RFC 5892 A.4: keraia before Greek"],
  ["\u05D0\u05F3.example", "\u05D0\u05F3.example", "RFC 5892 A.5: geresh behind Hebrew"],
  ["\u05D0\u05F4\u05D1.example", "\u05D0\u05F4\u05D1.example", "RFC 5892 A.6: gershayim behind Hebrew"],
  ["\u30E9\u30FB\u30E1.example", "\u30E9\u30FB\u30E1.example", "RFC 5892 A.7: katakana middle dot"],
  [
    "xn--mgba3gch31f060k.example",
    "\u0646\u0627\u0645\u0647\u200C\u0627\u06CC.example",
    "RFC 5892 A.1: ZWNJ between joining letters",
  ],
  ["xn--10cl1a0b660p.example", "\u0DC1\u0DCA\u200D\u0DBB\u0DD3.example", "RFC 5892 A.2: ZWJ behind a virama"],
  [
    "\u0628\u064B\u200C\u064B\u0628.example",
    "\u0628\u064B\u200C\u064B\u0628.example",
    "RFC 5892 A.1: joining looks through marks",
  ],
  ["\u05D0\u05D1\u05D2.example", "\u05D0\u05D1\u05D2.example", "RFC 5893 §2: a right-to-left label"],
  ["\u05D01\u05B0.example", "\u05D01\u05B0.example", "RFC 5893 §2: a number and marks at the end"],
  ["\u0627\u0661.example", "\u0627\u0661.example", "RFC 5893 §2: an Arabic number at the end"],
  ["192.0.2.1", "192.0.2.1", "RFC 3986 §3.2.2: IPv4address"],
  ["[2001:DB8::1]", "[2001:db8::1]", "RFC 3986 §3.2.2: IP-literal"],
  ["[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]", "RFC 3986 §3.2.2: IP-literal"],
];

for (const [text, prepared, clause] of accepted) {
  test(`accepts ${JSON.stringify(text)}: ${clause}`, () => {
    assert.equal(prepareDomain(text), prepared);
    assert.equal(prepareDomain(prepared), prepared);
  });
}

const refused: readonly (readonly [text: string, reason: string, clause: string])[] = [
  ["", "is empty", "RFC 7622 §3.2"],
  [".", "is empty", "RFC 7622 §3.2"],
  [".example", "has an empty label", "RFC 1034 §3.1"],
  ["a..example", "has an empty label", "RFC 1034 §3.1"],
  ["example..", "has an empty label", "only one final dot goes"],
  ["-a.example", "has a label with a hyphen at its edge", "RFC 5891 §4.2.3.1"],
  ["a-.example", "has a label with a hyphen at its edge", "RFC 5891 §4.2.3.1"],
  ["\u00FC-.example", "has a label with a hyphen at its edge", "RFC 5891 §4.2.3.1"],
  ["ab--c.example", "has a label with hyphens at its third and fourth place", "RFC 5891 §4.2.3.1"],
  ["\u0301a.example", "has a label that starts with a combining mark", "RFC 5891 §4.2.3.2"],
  ["a_b.example", "contains U+005F, which is not allowed there", "RFC 5890 §2.3.1: not LDH"],
  ["a b.example", "contains U+0020, which is not allowed there", "RFC 5890 §2.3.1: not LDH"],
  ["a:5222", "contains U+003A, which is not allowed there", "RFC 5890 §2.3.1: not LDH"],
  ["a\uFF0Fb.example", "contains U+002F, which is not allowed there", "a fullwidth solidus is a solidus"],
  ["\u2615.example", "contains U+2615, which is not allowed there", "RFC 5892 §3: a symbol"],
  ["\u{1F339}.example", "contains U+1F339, which is not allowed there", "RFC 5892 §3: a symbol"],
  ["\u2163.example", "contains U+2173, which is not allowed there", "RFC 5892 §2.2: unstable"],
  ["\u00AD\u00E4.example", "contains U+00AD, which is not allowed there", "RFC 5892 §2.3: ignorable"],
  ["\u1100.example", "contains U+1100, which is not allowed there", "RFC 5892 §2.9: old Hangul jamo"],
  ["\u0640\u0628.example", "contains U+0640, which is not allowed there", "RFC 5892 §2.6: tatweel"],
  ["\u0378.example", "contains U+0378, which is not allowed there", "RFC 5892 §2.10: unassigned"],
  ["a\uD800.example", "contains U+D800, which is not allowed there", "a lone surrogate"],
  ["xn--a.example", "contains U+0080, which is not allowed there", "RFC 5891 §5.4: no U-label behind it"],
  [
    "xn--abc-.example",
    'has a label that starts with "xn--" but is no A-label',
    "RFC 5891 §5.4: nothing but ASCII behind it",
  ],
  ["xn--.example", 'has a label that starts with "xn--" but is no A-label', "RFC 5891 §5.4: nothing behind it"],
  ["xn--99999999.example", 'has a label that starts with "xn--" but is no A-label', "RFC 3492 §6.4: overflow"],
  ["xn--b\u00FCcher.example", 'has a label that starts with "xn--" but is no A-label', "RFC 5891 §5.4: not ASCII"],
  [
    "xn--u-ccb.example",
    'has a label that starts with "xn--" but is no A-label',
    "RFC 5891 §5.3: u and U+0308 are not NFC",
  ],
  ["a\u00B7l.example", "contains U+00B7, which is not allowed there", "RFC 5892 A.3"],
  ["l\u00B7.example", "contains U+00B7, which is not allowed there", "RFC 5892 A.3"],
  ["\u0375a.example", "contains U+0375, which is not allowed there", "RFC 5892 A.4"],
  ["a\u05F3.example", "contains U+05F3, which is not allowed there", "RFC 5892 A.5"],
  ["\u05F4\u05D0.example", "contains U+05F4, which is not allowed there", "RFC 5892 A.6"],
  ["a\u30FBb.example", "contains U+30FB, which is not allowed there", "RFC 5892 A.7"],
  ["\u0628\u0661\u06F1.example", "contains U+0661, which is not allowed there", "RFC 5892 A.8, A.9"],
  ["a\u200Cb.example", "contains U+200C, which is not allowed there", "RFC 5892 A.1"],
  [
    "\u0627\u200C\u0628.example",
    "contains U+200C, which is not allowed there",
    "RFC 5892 A.1: alef joins nothing behind it",
  ],
  ["a\u200Db.example", "contains U+200D, which is not allowed there", "RFC 5892 A.2"],
  ["\u05D0b.example", ruleOfDirection, "RFC 5893 §2 condition 2"],
  ["b\u05D0.example", ruleOfDirection, "RFC 5893 §2 condition 5"],
  ["1\u05D0.example", ruleOfDirection, "RFC 5893 §2 condition 1"],
  ["\u05D0-1.\u0627\u06F1\u0628\u0661.example", "contains U+0661, which is not allowed there", "RFC 5892 A.8 first"],
  ["\u06271\u0661.example", ruleOfDirection, "RFC 5893 §2 condition 4"],
  ["3com.\u05D0\u05D1", ruleOfDirection, "RFC 5893 §2 condition 1, for every label of such a name"],
  ["[::1", "has brackets but is no IPv6 address", "RFC 3986 §3.2.2"],
  ["[192.0.2.1]", "has brackets but is no IPv6 address", "RFC 3986 §3.2.2"],
  ["[fe80::1%eth0]", "has brackets but is no IPv6 address", "a zone is of one machine only"],
  ["[::1].", "has brackets but is no IPv6 address", "RFC 3986 §3.2.2"],
];

for (const [text, reason, clause] of refused) {
  test(`refuses ${JSON.stringify(text)}: ${clause}`, () => {
    assert.throws(() => prepareDomain(text), { name: "JidMalformed", part: "domain", reason });
  });
}

test("A label has 63 octets at most in the form that DNS sees (RFC 1034 §3.1)", () => {
  assert.equal(prepareDomain(`${"a".repeat(63)}.example`).length, 71);
  const tooLong = { part: "domain", reason: "has a label longer than 63 octets" };
  assert.throws(() => prepareDomain(`${"a".repeat(64)}.example`), tooLong);
  assert.equal(prepareDomain("\u00FC".repeat(57)).length, 57); // with "xn--" 63 octets as an A-label
  assert.throws(() => prepareDomain("\u00FC".repeat(58)), tooLong);
  assert.throws(() => prepareDomain("\u6708".repeat(300)), tooLong);
  assert.throws(() => prepareDomain(`xn--${"a".repeat(60)}`), tooLong);
});

test("A name has 253 octets at most in the form that DNS sees (RFC 1034 §3.1)", () => {
  const name = `${"a".repeat(49)}.`.repeat(5);
  assert.equal(prepareDomain(`${name}abc`).length, 253);
  assert.equal(prepareDomain(`${name}abc.`).length, 253);
  assert.throws(() => prepareDomain(`${name}abcd`), { part: "domain", reason: "is longer than 253 octets" });
  const umlauts = `${"\u00FC".repeat(50)}.`.repeat(5); // 250 characters without the dots, but more as A-labels
  assert.throws(() => prepareDomain(`${umlauts}abc`), { part: "domain", reason: "is longer than 253 octets" });
});

test("A text that cannot become a name of that length is refused before its labels are looked at", () => {
  const tooLong = { part: "domain", reason: "is longer than 253 octets" };
  assert.throws(() => prepareDomain("\u00FC.".repeat(128)), tooLong);
  assert.throws(() => prepareDomain("\u0301".repeat(1013)), tooLong);
});
