// Runs end at the first byte that is none of theirs, and never beyond the end, however they are stepped through.
import assert from "node:assert/strict";
import { test } from "node:test";
import { endOfText, endOfValue, skipWhite } from "../../src/xml/runs.js";

const runs = {
  endOfText: [endOfText, "x", "<"],
  endOfValue: [endOfValue, "x", "'"],
  skipWhite: [skipWhite, " ", "x"],
} as const;

for (const [name, [endOf, plain, stop]] of Object.entries(runs)) {
  test(`${name} finds a stop at every place, and the end before every place`, () => {
    for (let length = 0; length <= 20; length++) {
      for (let start = 0; start <= length; start++) {
        const stopped = Buffer.from(plain.repeat(length) + stop + plain.repeat(20));
        assert.equal(endOf(stopped, start, stopped.length), length);
        assert.equal(endOf(Buffer.from(plain.repeat(40)), start, length), length);
      }
    }
  });
}

test("every byte that XML forbids in text or values stops the run", () => {
  for (let byte = 0; byte < 256; byte++) {
    const bytes = Buffer.alloc(1, byte);
    const isForbidden = byte < 0x20 && !"\t\n\r".includes(String.fromCharCode(byte));
    assert.equal(endOfText(bytes, 0, 1) === 0, isForbidden || "<&>".includes(String.fromCharCode(byte)));
    assert.equal(endOfValue(bytes, 0, 1) === 0, byte < 0x20 || "<&\"'".includes(String.fromCharCode(byte)));
  }
});
