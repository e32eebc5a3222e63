// XEP-0359: Unique and Stable Stanza IDs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildStanza, type Element, Jid, type Stanza, xml } from "../../../src/extension/index.js";
import {
  isStanzaIdBy,
  originIdOf,
  stanzaIdElement,
  stanzaIdOf,
} from "../../../xeps/payloads/0359-unique-and-stable-stanza-ids.js";
import { assertSame, elementOf } from "../../support/same-xml.js";

const room = Jid.parse("balcony@rooms.verona.example");

function message(...children: readonly Element[]): Stanza {
  return buildStanza("message", {}, xml("body", {}, "Wherefore?"), ...children);
}

test("the id that a room gives is found among those of others", () => {
  const own = stanzaIdElement("m1", room);
  assertSame(own, "<stanza-id xmlns='urn:xmpp:sid:0' id='m1' by='balcony@rooms.verona.example'/>");
  const others = ["romeo@verona.example", "@", "balcony@rooms.verona.example/Romeo", ""].map((by, index) =>
    elementOf(`<stanza-id xmlns='urn:xmpp:sid:0' id='x${index}' by='${by}'/>`),
  );
  assert.equal(stanzaIdOf(message(...others, own), room), "m1");
  assert.equal(stanzaIdOf(message(...others), room), undefined);
  assert.equal(stanzaIdOf(message(), room), undefined);
});

test("an id is forged in whatever spelling the address is", () => {
  const by = (text: string) => isStanzaIdBy(elementOf(`<stanza-id xmlns='urn:xmpp:sid:0' id='1' by='${text}'/>`), room);
  assert.ok(by("balcony@rooms.verona.example"));
  assert.ok(by("Balcony@Rooms.Verona.Example"));
  assert.ok(!by("tomb@rooms.verona.example"));
  assert.ok(!isStanzaIdBy(elementOf(`<stanza-id xmlns='urn:other' by='${room.toString()}'/>`), room));
  assert.ok(!isStanzaIdBy(elementOf("<stanza-id xmlns='urn:xmpp:sid:0' id='1'/>"), room));
});

test("the id of the sender's client", () => {
  assert.equal(originIdOf(message(elementOf("<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>"))), "o1");
  assert.equal(originIdOf(message(elementOf("<origin-id xmlns='urn:xmpp:sid:0'/>"))), undefined);
  assert.equal(originIdOf(message()), undefined);
});
