// The variables of a scene.
import assert from "node:assert/strict";
import test from "node:test";
import { Variables } from "../../conformance/scene/variables.js";

function variables(): Variables {
  const known = new Variables();
  known.set("Juliet's full JID", "juliet@localhost/balcony");
  known.set("quarrel", "Montague & Capulet");
  return known;
}

test("a name stands for its value", () => {
  assert.equal(variables().expand("to='${Juliet's full JID}'", true), "to='juliet@localhost/balcony'");
});

test("values are escaped in markup only", () => {
  assert.equal(variables().expand("${quarrel}", true), "Montague &#38; Capulet");
  assert.equal(variables().expand("${quarrel}", false), "Montague & Capulet");
});

test("functions repeat, encode and capitalise, from the inside out", () => {
  assert.equal(variables().expand("${repeat 3 ha}", true), "hahaha");
  assert.equal(variables().expand("${base64 \\0romeo\\0${repeat 2 x}}", true), "AHJvbWVvAHh4");
  assert.equal(variables().expand("${quarrel in capitals}", false), "MONTAGUE & CAPULET");
});

test("a name that nobody knows is an error", () => {
  assert.throws(() => variables().expand("${Rosaline's JID}", true), /nothing is known of \${Rosaline's JID}/);
});
