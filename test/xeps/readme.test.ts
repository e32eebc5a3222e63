// xeps/README.md: its table is current, and its example is the very file that it shows.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { extensions } from "../../xeps/index.js";
import { readReadme } from "../support/xep-table.js";

const root = new URL("../../../", import.meta.url);

test("the table of XEPs is current", () => {
  const { actual, current } = readReadme();
  assert.equal(actual, current, "run: node dist/test/support/xep-table.js");
});

test("the examples are the files that they show", () => {
  const { actual } = readReadme();
  const examples = [...actual.matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm)];
  assert.ok(examples.length >= 2);
  for (const [, file = "", text] of examples) assert.equal(text, readFileSync(new URL(file, root), "utf8"), file);
});

test("every extension has a sentence, a name of its own, and stands in the order of its number", () => {
  const names = extensions.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  const numbers = extensions.map(({ xep }) => xep ?? "9999");
  assert.deepEqual(numbers, [...numbers].sort());
  for (const { name, sentence } of extensions) assert.match(sentence, /^[A-Z].*\.$/, name);
});
