// XEP-0045: Multi-User Chat: its elements.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid, xml } from "../../../src/extension/index.js";
import { adminElement, MUC_USER, passwordIn, userElement } from "../../../xeps/payloads/0045-multi-user-chat.js";
import { assertSame, elementOf } from "../../support/same-xml.js";

test("what presence says of an occupant", () => {
  const jid = Jid.parse("tybalt@verona.example/street");
  assertSame(
    userElement(
      [{ affiliation: "none", role: "none", jid, nick: "Tybalt", actorNick: "Prince", reason: "Peace!" }],
      [110, 307],
      xml("destroy"),
    ),
    `<x xmlns='${MUC_USER}'>
      <item affiliation='none' role='none' jid='tybalt@verona.example/street' nick='Tybalt'>
        <actor nick='Prince'/><reason>Peace!</reason></item>
      <status code='110'/><status code='307'/><destroy/></x>`,
  );
  assertSame(userElement([{ role: "visitor", reason: "" }], []), `<x xmlns='${MUC_USER}'><item role='visitor'/></x>`);
});

test("a list, and one with an empty nickname", () => {
  assertSame(
    adminElement([{ affiliation: "member", nick: "" }, { role: "visitor" }]),
    "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member' nick=''/><item role='visitor'/></query>",
  );
});

test("the password with which somebody enters", () => {
  const join = (content: string) => passwordIn(elementOf(`<x xmlns='http://jabber.org/protocol/muc'>${content}</x>`));
  assert.equal(join("<password>rose</password>"), "rose");
  assert.equal(join("<password/>"), "");
  assert.equal(join("<history/>"), undefined);
  assert.equal(join("<password xmlns='urn:other'>rose</password>"), undefined);
});
