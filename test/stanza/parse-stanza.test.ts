// Stanzas that were kept as text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseStanza } from "../../src/stanza/parse-stanza.js";

test("a stanza that was written is the same when it is read", () => {
  const text =
    "<message xmlns='jabber:client' to='juliet@verona.example' from='romeo@verona.example/orchard' type='chat' id='&lt;1&gt;'" +
    " xml:lang='it' v:mood=\"sad\" xmlns:v='urn:verona'><body>Ahimè &amp; ❤</body><v:x/><y xmlns='z'/></message>";
  const stanza = parseStanza(text);
  assert.equal(stanza.kind, "message");
  assert.equal(stanza.to?.toString(), "juliet@verona.example");
  assert.equal(stanza.id, "<1>");
  assert.ok(stanza.has("urn:verona", "x") && stanza.has("z", "y"));
  assert.equal(parseStanza(stanza.toXml("jabber:client")).toXml("jabber:client"), stanza.toXml("jabber:client"));
});

test("absent addresses stay absent", () => {
  const presence = parseStanza("<presence xmlns='jabber:client'/>");
  assert.equal(presence.to, undefined);
  assert.equal(presence.from, undefined);
});

test("anything else is refused", () => {
  assert.throws(() => parseStanza("<features xmlns='jabber:client'/>"), /A stanza was expected/);
  assert.throws(() => parseStanza("<message"), /ends before/);
});
