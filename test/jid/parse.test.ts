// How an address is split and what it becomes: RFC 7622 §3.1 and the examples of §3.5.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid, JidMalformed } from "../../src/jid/jid.js";

const accepted: readonly (readonly [text: string, local: string, domain: string, resource: string, clause: string])[] =
  [
    ["juliet@example.com", "juliet", "example.com", "", "example 1: a bare address"],
    ["juliet@example.com/foo", "juliet", "example.com", "foo", "example 2: a full address"],
    ["juliet@example.com/foo bar", "juliet", "example.com", "foo bar", "example 3: a space in the resource"],
    ["juliet@example.com/foo@bar", "juliet", "example.com", "foo@bar", "example 4: an at sign in the resource"],
    ["foo\\20bar@example.com", "foo\\20bar", "example.com", "", "example 5: an escaped space (XEP-0106)"],
    ["fussball@example.com", "fussball", "example.com", "", "example 6"],
    ["fu\u00DFball@example.com", "fu\u00DFball", "example.com", "", "example 7: sharp s stays itself"],
    ["\u03C0@example.com", "\u03C0", "example.com", "", "example 8: pi"],
    ["\u03A3@example.com/foo", "\u03C3", "example.com", "foo", "example 9: capital sigma becomes small"],
    ["\u03C3@example.com/foo", "\u03C3", "example.com", "foo", "example 10: sigma"],
    ["\u03C2@example.com/foo", "\u03C2", "example.com", "foo", "example 11: final sigma stays, RFC 8265 §3.3.1"],
    ["king@example.com/\u265A", "king", "example.com", "\u265A", "example 12: a symbol in the resource"],
    ["example.com", "", "example.com", "", "example 13: a domain"],
    ["example.com/foobar", "", "example.com", "foobar", "example 14: a domain with a resource"],
    ["a.example.com/b@example.net", "", "a.example.com", "b@example.net", "example 15: the slash goes first"],
    ["juliet@example.com/ foo", "juliet", "example.com", " foo", "erratum 4560: a leading space is no error"],
    ["juliet@example.com/a/b/", "juliet", "example.com", "a/b/", "§3.1: the first slash splits"],
    ["Juliet@Example.COM/Balcony", "juliet", "example.com", "Balcony", "§§3.2–3.4: case goes but in the resource"],
    ["juliet@example.com.", "juliet", "example.com", "", "§3.2: the final dot goes"],
    ["juliet@example.com./balcony", "juliet", "example.com", "balcony", "§3.2: the final dot goes"],
    ["romeo@192.0.2.1", "romeo", "192.0.2.1", "", "§3.2: an IPv4 address"],
    ["romeo@[2001:DB8::1]/orchard", "romeo", "[2001:db8::1]", "orchard", "§3.2: an IPv6 address"],
  ];

for (const [text, local, domain, resource, clause] of accepted) {
  test(`accepts ${JSON.stringify(text)}: ${clause}`, () => {
    const jid = Jid.parse(text);
    assert.deepEqual([jid.local, jid.domain, jid.resource], [local, domain, resource]);
    assert.equal(String(jid), `${local && `${local}@`}${domain}${resource && `/${resource}`}`);
    assert.equal(Jid.of(local, domain, resource), jid);
  });
}

const refused: readonly (readonly [text: string, part: string, clause: string])[] = [
  ['"juliet"@example.com', "local", "example 16: quotation marks"],
  ["foo bar@example.com", "local", "example 17: a space in the localpart"],
  ["@example.com/", "local", "example 19: an empty localpart"],
  ["henry\u2163@example.com", "local", "example 20: ROMAN NUMERAL FOUR"],
  ["\u265A@example.com", "local", "example 21: BLACK CHESS KING in a localpart"],
  ["juliet@", "domain", "example 22: no domain"],
  ["/foobar", "domain", "example 23: no domain"],
  ["", "domain", "§3.1: nothing"],
  ["@", "local", "§3.1: nothing on either side"],
  ["/", "domain", "§3.1: nothing on either side"],
  ["@/", "local", "§3.1: nothing between"],
  ["@example.com", "local", "§3.1: an empty localpart"],
  ["juliet@example.com/", "resource", "§3.1: an empty resource"],
  ["example.com/", "resource", "§3.1: an empty resource"],
  ["juliet@/balcony", "domain", "§3.1: an empty domain"],
  ["juliet@@example.com", "domain", "§3.1: the first at sign splits, the second is in the domain"],
  ["juliet@example.org@example.com", "domain", "erratum 5789: an at sign in the domain"],
  ["juliet@.", "domain", "§3.2: nothing but the final dot"],
  ["juliet@example.com/\u0007", "resource", "§3.4: a control character"],
  ["\u0001juliet@example.com", "local", "§3.3: a control character"],
];

for (const [text, part, clause] of refused) {
  test(`refuses ${JSON.stringify(text)}: ${clause}`, () => {
    assert.throws(
      () => Jid.parse(text),
      (error) => error instanceof JidMalformed && error.part === part && error.reason !== "",
    );
  });
}

test("A refusal does not quote the address", () => {
  assert.throws(
    () => Jid.parse("juliet secret@example.com"),
    (error) => error instanceof JidMalformed && !error.message.includes("secret"),
  );
});

test("Each part has 1 to 1023 octets of UTF-8 (§3.1), counted after its preparation", () => {
  const parse = (local: string, resource: string) => Jid.parse(`${local}@capulet.example/${resource}`);
  assert.equal(parse("j".repeat(1023), "b".repeat(1023)).local.length, 1023);
  assert.throws(() => parse("j".repeat(1024), "b"), { part: "local", reason: "is longer than 1023 octets" });
  assert.throws(() => parse("j", "b".repeat(1024)), { part: "resource", reason: "is longer than 1023 octets" });

  assert.equal(parse("\u00E9".repeat(511), "j").local.length, 511); // 1022 octets
  assert.throws(() => parse("\u00E9".repeat(512), "j"), { part: "local" }); // 1024 octets
  assert.equal(parse("j", "\u6708".repeat(341)).resource.length, 341); // 1023 octets
  assert.throws(() => parse("j", "\u6708".repeat(342)), { part: "resource" }); // 1026 octets
  assert.equal(parse("j", "\u{1F339}".repeat(255)).resource.length, 510); // 1020 octets
  assert.throws(() => parse("j", "\u{1F339}".repeat(256)), { part: "resource" }); // 1024 octets

  assert.equal(parse("e\u0301".repeat(511), "j").local, "\u00E9".repeat(511)); // 1533 octets before NFC
  assert.equal(parse("\uFF4A".repeat(1023), "j").local, "j".repeat(1023)); // fullwidth: 3069 octets before
});

test("An address longer than all its parts may be together is refused before it is looked at", () => {
  assert.throws(() => Jid.parse("\u0301".repeat(3072)), { part: "address" });
});
