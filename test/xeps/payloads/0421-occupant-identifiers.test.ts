// XEP-0421: Occupant identifiers for semi-anonymous MUCs.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { Jid } from "../../../src/extension/index.js";
import { occupantId, occupantIdElement } from "../../../xeps/payloads/0421-occupant-identifiers.js";
import { assertSame } from "../../support/same-xml.js";

const secret = Buffer.alloc(32, 7);

test("an occupant is the same with every client, and nobody else, nor anywhere else", () => {
  const id = occupantId(secret, Jid.parse("juliet@verona.example/balcony"));
  assert.match(id, /^[A-Za-z0-9_-]{24}$/);
  assert.equal(occupantId(secret, Jid.parse("Juliet@verona.example")), id);
  assert.notEqual(occupantId(secret, Jid.parse("romeo@verona.example")), id);
  assert.notEqual(occupantId(Buffer.alloc(32, 8), Jid.parse("juliet@verona.example")), id);
});

test("the id is the beginning of the HMAC of the bare address, and stays what it was", () => {
  const whole = createHmac("sha256", secret).update("juliet@verona.example").digest("base64url");
  const id = occupantId(secret, Jid.parse("juliet@verona.example"));
  assert.ok(whole.startsWith(id));
  assertSame(occupantIdElement(id), `<occupant-id xmlns='urn:xmpp:occupant-id:0' id='${id}'/>`);
});
