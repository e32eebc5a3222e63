// Elements that are cut out of their stanza.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseElement } from "../../src/xml/parse-element.js";
import { standalone } from "../../src/xml/standalone.js";

test("what was declared further out comes along, the nearest declaration first", () => {
  const iq = parseElement(
    "<iq xmlns='a' xmlns:p='outer' xmlns:q='q'><query xmlns='b' xmlns:p='inner'><p:x><y/></p:x></query></iq>",
  );
  const inner = iq.getChild("query")?.getChildElements()[0] ?? assert.fail();
  const copy = parseElement(standalone(inner).toString());
  assert.equal(copy.getNS(), "inner");
  assert.equal(copy.getChildElements()[0]?.getNS(), "b");
  assert.equal(copy.attrs["xmlns:q"], "q");
  assert.equal(inner.parent?.getName(), "query", "the original stays where it is");
});
