// Passwords as SCRAM clients prepare them, and those that they can't.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { preparation } from "../../src/auth/jid-preparation.js";
import { logInByPlain, logInByScram, raiseCurtain, romeo, wordFor } from "./stage.js";

describe("Passwords", () => {
  const prepared: readonly (readonly [what: string, typed: string, expected: string | undefined])[] = [
    ["ASCII stays as it is", "But, soft! 2 b", "But, soft! 2 b"],
    ["SASLprep: compatibility characters are replaced (RFC 4013 §3)", "\u2168", "IX"],
    ["SASLprep: the soft hyphen is dropped (RFC 4013 §3)", "I\u00adX", "IX"],
    ["SASLprep: other spaces become spaces", "wherefore\u00a0art", "wherefore art"],
    ["accents are composed", "e\u0301", "\u00e9"],
    ["OpaqueString: emoji, which Unicode 3.2 did not have", "\u{1f339}", "\u{1f339}"],
    ["OpaqueString: letters of both directions, which SASLprep refuses", "\u06271", "\u06271"],
    ["control characters are in neither", "where\u0007fore", undefined],
    ["nothing", "", undefined],
    ["nothing that can be seen", "\u00ad", undefined],
    ["1 023 octets", "é".repeat(511) + "x", "é".repeat(511) + "x"],
    ["1 024 octets", "é".repeat(512), undefined],
  ];
  for (const [what, typed, expected] of prepared) {
    test(what, () => assert.equal(preparation.password(typed), expected));
  }

  test("of emoji: PLAIN and a client that sends them as they are", async () => {
    const { accounts, verona } = raiseCurtain();
    await accounts.create(romeo, "\u{1f339}\u{1f495}");
    assert.equal(wordFor(await logInByPlain(verona, "romeo", "\u{1f339}\u{1f495}")), "success");
    const outcome = await logInByScram(verona, { user: "romeo", password: "\u{1f339}\u{1f495}", hash: "sha256" });
    assert.equal(wordFor(outcome), "success");
  });
});

describe("Addresses", () => {
  const bare: readonly (readonly [text: string, expected: object | undefined])[] = [
    ["Romeo@Verona.LIT", romeo],
    ["romeo@verona.lit.", romeo],
    ["romeo@verona.lit/orchard", undefined],
    ["verona.lit", undefined],
    ["@verona.lit", undefined],
    ["ro meo@verona.lit", undefined],
    ["", undefined],
  ];
  for (const [text, expected] of bare) {
    test(`"${text}"`, () => assert.deepEqual(preparation.bareJid(text), expected));
  }

  test("names", () => {
    assert.equal(preparation.localpart("ROMÉO"), "roméo");
    assert.equal(preparation.localpart("romeo@verona.lit"), undefined);
    assert.equal(preparation.localpart(""), undefined);
  });
});
