// The nearest valid key to a mistyped one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { editDistance, nearest } from "../../src/config/nearest.js";

test("edits are counted: insertion, deletion, replacement, swap", () => {
  const pairs = [["romeo", "romeo"], ["romeo", "rome"], ["rome", "romeo"], ["romeo", "roneo"], ["romeo", "rmoeo"], ["", "abc"]] as const; // prettier-ignore
  assert.deepEqual(
    pairs.map(([from, to]) => editDistance(from, to)),
    [0, 1, 1, 1, 1, 3],
  );
});

test("the nearest is named, and nothing when nothing is near", () => {
  const keys = ["max_stanza_size", "idle_timeout", "admins"];
  assert.equal(nearest("max-stanza-size", keys), "max_stanza_size");
  assert.equal(nearest("Idle_Time", keys), "idle_timeout");
  assert.equal(nearest("balcony", keys), undefined);
});
