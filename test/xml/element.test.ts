// The element type, its builder and its serialiser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Element, serialise, xml } from "../../src/xml/element.js";
import { readFrame } from "../../src/xml/frame.js";
import { LIMITS } from "./transcript.js";

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

test("what is written is read again as the same, white space in values and carriage returns included", () => {
  const element = xml("a", { b: "1\n2\r3\t4" }, "5\r\n6 ]]> 7");
  const again = readFrame(serialise(element), LIMITS).element();
  assert.deepEqual({ ...again.attrs }, { b: "1\n2\r3\t4" });
  assert.equal(again.getText(), "5\r\n6 ]]> 7");
  assert.equal(element.toString(), serialise(element));
  assert.equal(again.toString(), serialise(element));
});
