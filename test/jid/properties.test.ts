// What holds for every text: prepared texts stay as they are, and an address is what its text says.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { prepareDomain } from "../../src/jid/domain.js";
import { Jid, JidMalformed } from "../../src/jid/jid.js";
import { prepareLocal } from "../../src/jid/local.js";
import { TextRefused } from "../../src/jid/malformed.js";
import { nicknameKey, prepareNickname } from "../../src/jid/nickname.js";
import { opaqueString } from "../../src/jid/opaque.js";
import { prepareResource } from "../../src/jid/resource.js";
import { saslprep } from "../../src/jid/saslprep.js";

// Characters that the rules speak of, besides arbitrary ones: most arbitrary texts are just refused.
const telling = fc.constantFrom(
  ...Array.from(
    "aZl-.@/ \u00B7\u00DF\u00FC\u0130\u0301\u0308\u0345\u0375\u03A3\u03B1\u03C2\u0390\u1FD3\u05D0\u05F3\u0627",
  ),
  ...Array.from(
    "\u0628\u064B\u0661\u06F1\u094D\u0915\u200C\u200D\u13A0\uAB70\u1100\u1161\uAC00\u2126\u212A\u3002\u30FB",
  ),
  ...Array.from(
    "\u6708\uFF0E\uFF21\uFF8A\uFF9F\u3000\u00A0\u{10400}\u{1F339}\u0F0B\u1E9E\u01C5\u0344\uFB1D\u0958\u2F81",
  ),
  "xn--",
  "xn--bcher-kva",
  "example",
);
const letter = fc.integer({ min: 0xa0, max: 0x2ffff }).map((codePoint) => String.fromCodePoint(codePoint));
const character = fc.oneof({ weight: 5, arbitrary: telling }, letter, fc.string({ unit: "binary", maxLength: 1 }));
const text = fc.array(character, { minLength: 1, maxLength: 8 }).map((characters) => characters.join(""));

/** What the function returns, or undefined if it refuses as it may; any other error is a failure. */
function attempt<Result>(prepare: () => Result): Result | undefined {
  try {
    return prepare();
  } catch (error) {
    if (error instanceof JidMalformed || error instanceof TextRefused) return undefined;
    throw error;
  }
}

const profiles = [prepareLocal, prepareDomain, prepareResource, opaqueString, saslprep, prepareNickname, nicknameKey];
for (const prepare of profiles) {
  test(`${prepare.name} leaves what it returned as it is`, () => {
    let accepted = 0;
    const property = fc.property(text, (input) => {
      const prepared = attempt(() => prepare(input));
      if (prepared === undefined) return;
      accepted++;
      assert.equal(prepare(prepared), prepared);
    });
    fc.assert(property, { numRuns: 3000 });
    assert.ok(accepted > 100, `only ${accepted} texts were accepted`);
  });
}

test("A nickname has the same key before and after it is prepared, and is a resource as it is", () => {
  let accepted = 0;
  const property = fc.property(text, (input) => {
    const nickname = attempt(() => prepareNickname(input));
    if (nickname === undefined) return;
    accepted++;
    assert.equal(nicknameKey(nickname), nicknameKey(input));
    assert.equal(prepareResource(nickname), nickname);
    assert.doesNotMatch(nickname, /^\p{Zs}|\p{Zs}$|\p{Zs}{2}|[^\P{Zs} ]/u);
  });
  fc.assert(property, { numRuns: 3000 });
  assert.ok(accepted > 100, `only ${accepted} texts were accepted`);
});

test("An address made of parts is read back as the same object", () => {
  const property = fc.property(
    fc.oneof(fc.constant(""), text),
    text,
    fc.oneof(fc.constant(""), text),
    (local, domain, resource) => {
      const jid = attempt(() => Jid.of(local, domain, resource));
      if (jid === undefined) return;
      assert.equal(Jid.parse(String(jid)), jid);
      assert.equal(jid.bare.withResource("balcony").bare, jid.bare);
    },
  );
  fc.assert(property, { numRuns: 3000 });
});

test("Whatever is read as an address has parts within the limits, and reads back as itself", () => {
  const property = fc.property(text, (input) => {
    const jid = attempt(() => Jid.parse(input));
    if (jid === undefined) return;
    assert.equal(Jid.parse(String(jid)), jid);
    assert.equal(Jid.of(jid.local, jid.domain, jid.resource), jid);
    assert.ok(!/["&'/:<>@\s]/.test(jid.local) && !/[@/\s]/.test(jid.domain));
  });
  fc.assert(property, { numRuns: 3000 });
});
