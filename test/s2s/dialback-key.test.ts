// Dialback keys: the example of XEP-0185 §3, and which keys are not ours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dialbackKey, isDialbackKey } from "../../src/s2s/dialback-key.js";

const secret = Buffer.from("s3cr3tf0rd14lb4ck");
const facts = { receiving: "xmpp.example.com", originating: "example.org", streamId: "D60000229F" };
const key = "37c69b1cf07a3f67c04a5ef5902fa5114f2c76fe4a2686482ba5b89323075643";

test("the key of the example comes out", () => {
  assert.equal(dialbackKey(secret, facts), key);
});

test("it is recognised, white space around it or not", () => {
  assert.equal(isDialbackKey(key, secret, facts), true);
  assert.equal(isDialbackKey(`\n  ${key}\n`, secret, facts), true);
});

test("a key for anything else, or of anybody else, is not ours", () => {
  for (const other of [{ receiving: "example.com" }, { originating: "example.net" }, { streamId: "D60000229E" }]) {
    assert.equal(isDialbackKey(key, secret, { ...facts, ...other }), false, JSON.stringify(other));
  }
  assert.equal(isDialbackKey(key, Buffer.from("s3cr3t"), facts), false);
  for (const wrong of ["", key.slice(1), `${key}0`, key.toUpperCase(), "ä".repeat(64)]) {
    assert.equal(isDialbackKey(wrong, secret, facts), false, wrong);
  }
});
