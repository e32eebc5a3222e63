// Equal addresses are one object, and nothing that is not held stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid } from "../../src/jid/jid.js";

test("Equal addresses are one object, however they were written or made", () => {
  const juliet = Jid.parse("juliet@capulet.example/balcony");
  assert.equal(Jid.parse("juliet@capulet.example/balcony"), juliet);
  assert.equal(Jid.parse("JULIET@Capulet.Example./balcony"), juliet);
  assert.equal(Jid.parse("\uFF2Auliet@capulet\u3002example/balcony"), juliet);
  assert.equal(Jid.of("Juliet", "CAPULET.example", "balcony"), juliet);
  assert.equal(Jid.parse("juliet@capulet.example").withResource("balcony"), juliet);
  assert.equal(Jid.parse("juliet@capulet.example/garden").withResource("balcony"), juliet);
  assert.equal(juliet.bare, Jid.parse("juliet@capulet.example"));
});

test("Different addresses are different objects", () => {
  const jids = ["juliet@capulet.example/balcony", "juliet@capulet.example/Balcony", "juliet@capulet.example"].map(
    (text) => Jid.parse(text),
  );
  assert.equal(new Set(jids).size, 3);
});

test("A bare address is its own bare address, a domain is one without a localpart", () => {
  const full = Jid.parse("romeo@montague.example/orchard");
  assert.deepEqual([full.isBare, full.isDomain], [false, false]);
  assert.deepEqual([full.bare.isBare, full.bare.isDomain, full.bare.bare === full.bare], [true, false, true]);
  const domain = Jid.parse("montague.example");
  assert.deepEqual([domain.isBare, domain.isDomain, domain.bare === domain], [true, true, true]);
  const service = Jid.parse("montague.example/service");
  assert.deepEqual([service.isBare, service.isDomain, service.bare === domain], [false, false, true]);
});

test("withResource prepares the resource and refuses an empty one", () => {
  const romeo = Jid.parse("romeo@montague.example");
  assert.equal(romeo.withResource("or\u00A0chard").resource, "or chard");
  assert.throws(() => romeo.withResource(""), { name: "JidMalformed", part: "resource", reason: "is empty" });
});

test("The parts of Jid.of are not split any further", () => {
  assert.equal(String(Jid.of("", "montague.example", "a@b/c")), "montague.example/a@b/c");
  assert.throws(() => Jid.of("romeo@montague", "example"), { part: "local" });
  assert.throws(() => Jid.of("romeo", "montague.example/orchard"), { part: "domain" });
  assert.throws(() => Jid.of("romeo", ""), { part: "domain" });
});

test("In JSON an address is its text", () => {
  assert.equal(JSON.stringify({ to: Jid.parse("romeo@montague.example") }), '{"to":"romeo@montague.example"}');
});
