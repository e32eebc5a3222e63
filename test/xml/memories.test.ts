// What readers remember of tags, names and headers is bounded and never changes what is read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { KnownTags } from "../../src/xml/known-tags.js";
import { NameCache } from "../../src/xml/names.js";
import { ScopeCache } from "../../src/xml/opening.js";
import { INCOMPLETE, Scanner } from "../../src/xml/scanner.js";
import { HEADER, LIMITS, read } from "./transcript.js";

const scopeOf = (number: number) => ({ defaultNamespace: `urn:${number}`, prefixes: new Map([["a", "urn:a"]]) });

test("equal stream headers share their scope; of the others only the latest are remembered", () => {
  const cache = new ScopeCache();
  const first = cache.share(scopeOf(0));
  assert.equal(cache.share(scopeOf(0)), first);
  for (let number = 1; number < 1_000; number++) {
    cache.share(scopeOf(number));
    assert.equal(cache.share(scopeOf(0)), first);
  }
  const second = scopeOf(1);
  assert.equal(cache.share(second), second);
});

test("a tag that is known to one reader is refused by another with narrower limits", () => {
  const stanza = "<iq><a-rather-long-name xmlns='urn:x'/></iq>";
  for (let round = 0; round < 3; round++) {
    assert.deepEqual(read(HEADER + stanza).lines.length, 2);
    assert.equal(read(HEADER + stanza, Infinity, { ...LIMITS, nameLength: 15 }).lines[1], "fault policy-violation");
    const none = read("<stream><a:iq xmlns:a=''/>", Infinity, { ...LIMITS, attributes: 0 });
    assert.equal(none.lines[1], "fault policy-violation");
    assert.equal(read(`<stream>${stanza}`, Infinity, { ...LIMITS, attributes: 0 }).lines[1], "fault policy-violation");
  }
});

test("bytes behind the end are not taken for a known tag", () => {
  assert.equal(read(`${HEADER}<message><body></body></message>`).lines.length, 2);
  const bytes = Buffer.from("<message><body>?</bodys></message>");
  const scanner = new Scanner();
  scanner.begin(0, { defaultNamespace: "jabber:client", prefixes: new Map() }, LIMITS, false);
  assert.equal(scanner.scan(bytes, "<message><body".length), INCOMPLETE);
  bytes.write("s>", "<message><body".length);
  assert.equal(scanner.scan(bytes, bytes.length), bytes.length);
  assert.deepEqual(scanner.children, [{ namespace: "jabber:client", name: "bodys" }]);
});

test("a thousand tags of the same beginning leave no more than their places", () => {
  const tags = new KnownTags();
  const child = { namespace: "urn:x", name: "body" };
  const tagOf = (number: number) => Buffer.from(`body${number}>`);
  for (let number = 0; number < 1_000; number++) {
    const source = tagOf(number);
    const tag = { source, nameLength: source.length - 1, attributes: 0, isEmpty: false, child, isInheriting: true };
    tags.add(tag);
    assert.equal(tags.find(Buffer.from(`<${source.toString()}`), 1, source.length + 1), tag);
  }
  const known = Array.from({ length: 1_000 }, (_, number) => tagOf(number)).filter((it) => tags.find(it, 0, it.length));
  assert.equal(known.length, 4);
});

test("names are the same objects while they are remembered, and right when they are not", () => {
  const names = new NameCache();
  const bytes = Buffer.from("body");
  assert.equal(names.find(bytes, 0, 4, "urn:a"), names.find(bytes, 0, 4, "urn:a"));
  for (let number = 0; number < 5_000; number++) {
    const name = `${number}`.padStart(6, "n");
    const found = names.find(Buffer.from(name), 0, name.length, "urn:b");
    assert.deepEqual(found, { namespace: "urn:b", name });
  }
});
