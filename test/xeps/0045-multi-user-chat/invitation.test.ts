// Invitations that a room passes on, declined ones, and the end of a room (XEP-0045 §7.8.2, §7.9, §10.9).
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Element, Jid } from "../../../src/extension/index.js";
import { destroyElement, destructionIn } from "../../../xeps/0045-multi-user-chat/destruction.js";
import {
  declineElement,
  declineIn,
  invitationElement,
  invitationsIn,
} from "../../../xeps/0045-multi-user-chat/invitation.js";
import { userElement } from "../../../xeps/payloads/0045-multi-user-chat.js";
import { assertSame, elementOf } from "../../support/same-xml.js";
import { conditionOf } from "./conditions.js";

const romeo = Jid.parse("romeo@verona.example/orchard");
const juliet = Jid.parse("juliet@verona.example");

function user(content: string): Element {
  return elementOf(`<x xmlns='http://jabber.org/protocol/muc#user'>${content}</x>`);
}

function owner(content: string): Element {
  return elementOf(`<query xmlns='http://jabber.org/protocol/muc#owner'>${content}</query>`);
}

test("whom a message invites is read, each once", () => {
  assert.deepEqual(invitationsIn(user("<status code='100'/>")), []);
  const invite = "<invite to='Juliet@verona.example'><reason>Come!</reason></invite>";
  assert.deepEqual(invitationsIn(user(`<invite to='juliet@verona.example'/>${invite}`)), [
    { address: juliet, reason: "Come!", continuedThread: undefined },
  ]);
  const threads = ["<continue/>", "<continue thread='e0ffe42b'/>"].map((continued) => {
    return invitationsIn(user(`<invite to='juliet@verona.example'>${continued}</invite>`))[0]?.continuedThread;
  });
  assert.deepEqual(threads, ["", "e0ffe42b"]);
});

test("invitations that can't be passed on are refused", () => {
  const condition = (content: string): string => conditionOf(() => invitationsIn(user(content)));
  assert.equal(condition("<invite/>"), "bad-request");
  assert.equal(condition("<invite to=''/>"), "bad-request");
  assert.equal(condition("<invite from='juliet@verona.example'/>"), "bad-request");
  assert.equal(condition("<invite to='@verona.example'/>"), "jid-malformed");
  assert.equal(condition("<invite to='juliet@verona.example'/>".repeat(21)), "not-acceptable");
  assert.equal(condition(`<invite to='a@b.example'><reason>${"a".repeat(1001)}</reason></invite>`), "not-acceptable");
});

test("an invitation is passed on with who invites, and the password of the room", () => {
  const full = { address: romeo, reason: "Come!", continuedThread: "e0ffe42b" };
  assertSame(
    invitationElement(full, "rose"),
    `<x xmlns='http://jabber.org/protocol/muc#user'><invite from='romeo@verona.example/orchard'>
      <reason>Come!</reason><continue thread='e0ffe42b'/></invite><password>rose</password></x>`,
  );
  assertSame(
    invitationElement({ address: juliet, reason: "", continuedThread: "" }),
    "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='juliet@verona.example'><continue/></invite></x>",
  );
});

test("a declined invitation is read, and told to whoever has invited", () => {
  assert.equal(declineIn(user("<invite to='a@b.example'/>")), undefined);
  const decline = declineIn(user("<decline to='romeo@verona.example/orchard'><reason>Too rash.</reason></decline>"));
  assert.deepEqual(decline, { address: romeo, reason: "Too rash." });
  assert.equal(conditionOf(() => declineIn(user("<decline/>"))), "bad-request"); // prettier-ignore
  assert.equal(conditionOf(() => declineIn(user("<decline to='@'/>"))), "jid-malformed"); // prettier-ignore
  assertSame(
    declineElement({ address: juliet, reason: "Too rash." }),
    `<x xmlns='http://jabber.org/protocol/muc#user'>
      <decline from='juliet@verona.example'><reason>Too rash.</reason></decline></x>`,
  );
});

test("§10.9: the destruction of a room names a venue, its password and a reason, or none of them", () => {
  assert.equal(destructionIn(owner("")), undefined);
  const bare = destructionIn(owner("<destroy jid=''/>")) ?? assert.fail();
  assert.deepEqual(bare, { venue: undefined, password: "", reason: "" });
  assertSame(userElement([], [], destroyElement(bare)), user("<destroy/>"));
  const content = "<destroy jid='tomb@rooms.verona.example'><password>rose</password><reason>Fled.</reason></destroy>";
  const full = destructionIn(owner(content)) ?? assert.fail();
  assert.deepEqual(full, { venue: Jid.parse("tomb@rooms.verona.example"), password: "rose", reason: "Fled." });
  assertSame(userElement([], [], destroyElement(full)), user(content));
  assert.equal(conditionOf(() => destructionIn(owner("<destroy jid='@'/>"))), "jid-malformed"); // prettier-ignore
  const long = `<destroy><reason>${"a".repeat(1001)}</reason></destroy>`;
  assert.equal(conditionOf(() => destructionIn(owner(long))), "not-acceptable"); // prettier-ignore
});
