// The element type, its builder and its serialiser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Element, serialise, xml } from "../../src/xml/element.js";

test("an element is built with attributes and children; what is absent is left out", () => {
  const element = xml(
    "message",
    { to: "juliet@capulet.lit", id: undefined, type: null, priority: 5 },
    xml("body", {}, "Soft! ", 2, " & <light>"),
    [xml("a"), [undefined, null, false, "", xml("b", { xmlns: "urn:b" })]],
  );
  assert.ok(element instanceof Element);
  assert.equal(
    serialise(element),
    `<message to="juliet@capulet.lit" priority="5"><body>Soft! 2 &amp; &lt;light&gt;</body><a/><b xmlns="urn:b"/></message>`,
  );
  assert.equal(element.getChild("b", "urn:b")?.parent, element);
});

test("attributes given to the builder are not changed", () => {
  const attributes = Object.freeze({ to: "a", from: undefined });
  assert.equal(serialise(xml("iq", attributes)), `<iq to="a"/>`);
  assert.equal(serialise(xml("iq", null)), "<iq/>");
});

test("attribute values are escaped", () => {
  assert.equal(serialise(xml("a", { b: `<&>"'` })), `<a b="&lt;&amp;&gt;&quot;&apos;"/>`);
});
