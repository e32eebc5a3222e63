// Copies of one stanza for many: as bytes they are what they are as text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid } from "../../src/jid/jid.js";
import { parseStanza } from "../../src/stanza/parse-stanza.js";
import type { Stanza } from "../../src/stanza/stanza.js";

const room = "coven@rooms.verona.example";
const said = parseStanza(
  `<message xmlns='jabber:client' from='${room}/zauberin' type='groupchat' id='1'><body>Dreimal schwarzer Käter ❤</body></message>`,
);

for (const [who, recipient] of [
  ["somebody", "hecate@verona.example/broom"],
  ["somebody beyond ASCII", "hexe@züri.example/Besen ❤"],
  ["somebody in need of escapes", "dartagnan@verona.example/<&'>"],
] as const) {
  for (const namespace of [undefined, "jabber:client"]) {
    test(`a copy for ${who} is the same in bytes (namespace: ${namespace ?? "none"})`, () => {
      const copy = said.forMany().readdressed(Jid.parse(recipient));
      assert.equal(copy.toBytes(namespace)?.toString(), copy.toXml(namespace));
    });
  }
}

test("a presence and a request are, too", () => {
  for (const kind of ["presence", "iq"]) {
    const stanza = parseStanza(`<${kind} xmlns='jabber:client' from='${room}' type='error'><x xmlns='y'/></${kind}>`);
    const copy = stanza.forMany().readdressed(Jid.parse("hecate@verona.example"));
    assert.equal(copy.toBytes()?.toString(), copy.toXml());
  }
});

test("only copies of one that is for many have bytes, and only while all that they share is the same", () => {
  const to = Jid.parse("hecate@verona.example");
  const original = said.forMany();
  const unshared: [string, Stanza][] = [
    ["another's", said.readdressed(to)],
    ["addressed to nobody", original],
    ["with another sender", original.readdressed(to, to)],
    ["kept", original.readdressed(to).compact()],
  ];
  for (const [what, stanza] of unshared) assert.equal(stanza.toBytes(), undefined, what);
});
