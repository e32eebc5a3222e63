// The elements of negotiation between servers: written, read, and told in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dialback, dialbackError, dialbackOf, domainOf, isFarewell, wordsOf } from "../../src/s2s/elements.js";
import { StanzaError } from "../../src/stanza/stanza-error.js";
import type { Fragment } from "../../src/xml/fragment.js";
import { readFrame } from "../../src/xml/frame.js";
import { parseElement } from "../../src/xml/parse-element.js";

const limits = { stanzaBytes: 10_000, depth: 10, attributes: 10, nameLength: 100 };

function fragment(xml: string): Fragment {
  return readFrame(Buffer.from(xml.replace(/[ />]/, " xmlns:db='jabber:server:dialback'$&")), limits);
}

test("what is written is read again", () => {
  const facts = { from: "verona.example", to: "mantua.example", id: "s'1<" };
  const read = dialbackOf(
    fragment(dialback("verify", facts, "b4835385f37fe2895af6c196b59097b16862406db80559900d96bf6fa7d23df3")),
  );
  assert.deepEqual(read, {
    ...facts,
    name: "verify",
    type: undefined,
    key: "b4835385f37fe2895af6c196b59097b16862406db80559900d96bf6fa7d23df3",
  });
  const answer = dialbackOf(
    fragment(dialback("result", { from: "verona.example", to: "mantua.example", type: "valid" })),
  );
  assert.deepEqual([answer?.type, answer?.id, answer?.key], ["valid", undefined, ""]);
});

test("an error goes along with its condition and its words", () => {
  const error = dialbackError(new StanzaError("item-not-found", { text: "Wherefore <art> thou?" }));
  const { type } =
    dialbackOf(fragment(dialback("result", { from: "a.example", to: "b.example", type: "error" }, error))) ?? {};
  assert.equal(type, "error");
  const element = parseElement(error.replace("<error", "<error xmlns='jabber:server'"));
  assert.equal(element.attrs["type"], "cancel");
  assert.equal(wordsOf(element), "item-not-found: Wherefore <art> thou?");
  assert.equal(dialbackError(new StanzaError("forbidden")).includes("<text"), false);
});

test("addresses are domains, prepared; white space around a key does not count", () => {
  const element = dialbackOf(
    fragment("<db:result from='Verona.Example' to='xn--kln-sna.example'>\n  key \n</db:result>"),
  );
  assert.deepEqual([element?.from, element?.to, element?.key], ["verona.example", "köln.example", "key"]);
});

test("what has no two domains, or another name, is no dialback", () => {
  const wrong = [
    "<db:result to='mantua.example'>key</db:result>",
    "<db:result from='verona.example'>key</db:result>",
    "<db:result from='romeo@verona.example' to='mantua.example'>key</db:result>",
    "<db:result from='verona.example/orchard' to='mantua.example'>key</db:result>",
    "<db:result from='' to='mantua.example'>key</db:result>",
    "<db:results from='verona.example' to='mantua.example'>key</db:results>",
    "<result from='verona.example' to='mantua.example'>key</result>",
  ];
  for (const xml of wrong) assert.equal(dialbackOf(fragment(xml)), undefined, xml);
});

test("domains", () => {
  assert.equal(domainOf("Mantua.Example."), "mantua.example");
  for (const wrong of [undefined, "", "romeo@mantua.example", "mantua.example/x", "a b", "@", "x".repeat(300)])
    assert.equal(domainOf(wrong), undefined, wrong);
});

test("an error is told in words, however long it is", () => {
  const error = (content: string) => parseElement(`<error xmlns='urn:x'>${content}</error>`);
  assert.equal(wordsOf(undefined), "no reason");
  assert.equal(wordsOf(error("")), "no reason");
  assert.equal(wordsOf(error("<text>Only words. Here.</text>")), "no reason: Only words. Here");
  assert.equal(wordsOf(error("<host-unknown/>")), "host-unknown");
  assert.ok(wordsOf(error(`<${"a".repeat(5000)}/>`)).length <= 300);
  assert.ok(wordsOf(error(`<${"a".repeat(5000)}/><text>${"b".repeat(5000)}</text>`)).length <= 300);
});

test("only a server that shuts down says farewell", () => {
  assert.equal(isFarewell("system-shutdown"), true);
  assert.equal(isFarewell("system-shutdown: Good night"), true);
  for (const words of ["connection-timeout", "reset", "no reason: system-shutdown"])
    assert.equal(isFarewell(words), false);
});
