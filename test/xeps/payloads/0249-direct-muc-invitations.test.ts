// XEP-0249: Direct MUC Invitations.
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildStanza, Jid, type Stanza } from "../../../src/extension/index.js";
import { directInvitationElement, directInvitationOf } from "../../../xeps/payloads/0249-direct-muc-invitations.js";
import { assertSame, elementOf } from "../../support/same-xml.js";

const room = Jid.parse("balcony@rooms.verona.example");

function message(x: string): Stanza {
  return buildStanza("message", {}, elementOf(x));
}

test("an invitation is written and read", () => {
  const invitation = { room, password: "rose", reason: "Come!", continuedThread: "e0ffe42b" };
  const element = directInvitationElement(invitation);
  assertSame(
    element,
    `<x xmlns='jabber:x:conference' jid='balcony@rooms.verona.example' password='rose' reason='Come!'
      continue='true' thread='e0ffe42b'/>`,
  );
  assert.deepEqual(directInvitationOf(buildStanza("message", {}, element)), invitation);
});

test("what is empty is left out, and a thread counts only for a chat that goes on", () => {
  const bare = directInvitationElement({ room, password: "", reason: "", continuedThread: "" });
  assertSame(bare, "<x xmlns='jabber:x:conference' jid='balcony@rooms.verona.example' continue='true'/>");
  assertSame(directInvitationElement({ room }), `<x xmlns='jabber:x:conference' jid='${room.toString()}'/>`);
  const read = directInvitationOf(message(`<x xmlns='jabber:x:conference' jid='${room.toString()}' continue='0' thread='t'/>`)); // prettier-ignore
  assert.deepEqual(read, { room, password: undefined, reason: undefined, continuedThread: undefined });
});

test("what names no room is no invitation", () => {
  for (const jid of ["", "jid=''", "jid='@'"])
    assert.equal(directInvitationOf(message(`<x xmlns='jabber:x:conference' ${jid}/>`)), undefined);
  assert.equal(directInvitationOf(message("<x xmlns='urn:other' jid='a@b.example'/>")), undefined);
});
