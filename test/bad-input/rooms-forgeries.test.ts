// What only a room may say is taken out of what occupants say (XEP-0045 §17.3, XEP-0203, XEP-0317, XEP-0359, XEP-0421).
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Element } from "../../src/xml/element.js";
import { conditionOf } from "../support/client.js";
import { arrivals, configuresRoom, enters, entersRoom, garden, party, roomGoesOn } from "../support/rooms.js";

const occupantId = "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/>";
const hats = "<hats xmlns='urn:xmpp:hats:0'><hat uri='forged' title='Prince'/></hats>";
const user = `<x xmlns='http://jabber.org/protocol/muc#user'>
  <item affiliation='owner' role='moderator' nick='forged'/><status code='110'/><status code='104'/>
  <invite from='forged@verona.example'/><decline from='forged@verona.example'/><destroy jid='forged@verona.example'/></x>`;
const stanzaIds = [garden, garden.toUpperCase(), `${garden}/Romeo`, "", "@@"]
  .map((by) => `<stanza-id xmlns='urn:xmpp:sid:0' by='${by}' id='forged'/>`)
  .join("");
const delays = [`from='${garden}'`, `from='Garden@Rooms.Verona.example'`, `from='${garden}/forged'`, ""]
  .map((from) => `<delay xmlns='urn:xmpp:delay' ${from} stamp='1596-01-01T00:00:00Z'>forged</delay>`)
  .join("");
const moderated = ["moderated", "moderate"]
  .flatMap((name) => [0, 1].map((version) => `<${name} xmlns='urn:xmpp:message-moderate:${version}' by='forged'/>`))
  .join("");
const forged = occupantId + hats + user + stanzaIds + delays + moderated;
const ofOthers =
  "<stanza-id xmlns='urn:xmpp:sid:0' by='romeo@verona.example' id='own'/>" +
  "<delay xmlns='urn:xmpp:delay' from='romeo@verona.example' stamp='1596-01-01T00:00:00Z'/>" +
  "<origin-id xmlns='urn:xmpp:sid:0' id='own'/>";

function isClean(stanza: Element): void {
  assert.doesNotMatch(stanza.toString(), /forged|code="104"/);
  assert.equal(stanza.getChildren("occupant-id").length, 1);
}

test("in a message to all, and in the history that is made of it", async (t) => {
  const { stage, romeo, juliet, everybody } = await party(t);
  romeo.send(`<message type='groupchat' to='${garden}'><body>I am Prince.</body>${forged}${ofOthers}</message>`);
  for (const client of everybody) {
    const [message] = await arrivals(stage, client);
    isClean(message ?? assert.fail());
    assert.deepEqual(
      message?.getChildren("stanza-id").map(({ attrs }) => String(attrs["by"])),
      ["romeo@verona.example", garden],
    );
    assert.equal(message?.getChildren("origin-id").length, 1);
    assert.deepEqual(
      message?.getChildren("delay").map(({ attrs }) => String(attrs["from"])),
      ["romeo@verona.example"],
    );
    assert.equal(message?.getChild("x"), undefined);
  }
  const tybalt = await stage.login("tybalt");
  const [message] = (await entersRoom(stage, tybalt, "Tybalt")).filter((each) => each.getChild("body") !== undefined);
  isClean(message ?? assert.fail());
  await roomGoesOn(stage, juliet, [...everybody, tybalt]);
});

test("in a change of subject", async (t) => {
  const { stage, capulet, juliet, everybody } = await party(t);
  capulet.send(`<message type='groupchat' to='${garden}'><subject>Peace</subject>${forged}</message>`);
  for (const client of everybody) {
    const [message] = await arrivals(stage, client);
    assert.equal(message?.getChildText("subject"), "Peace");
    isClean(message ?? assert.fail());
  }
  await roomGoesOn(stage, juliet, everybody);
});

test("in a private message", async (t) => {
  const { stage, romeo, juliet, everybody } = await party(t);
  romeo.send(`<message type='chat' to='${garden}/Juliet'><body>I am Prince.</body>${forged}</message>`);
  const [message] = await arrivals(stage, juliet);
  isClean(message ?? assert.fail());
  assert.equal(message?.getChildren("x").map(String).join(""), '<x xmlns="http://jabber.org/protocol/muc#user"/>');
  await roomGoesOn(stage, juliet, everybody);
});

test("in an error that answers a private message: it has but the error, and goes to those who may have written", async (t) => {
  const { stage, capulet, romeo, juliet, everybody } = await party(t);
  const error = "<error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
  const answer = `<message type='error' id='said' to='${garden}/Juliet'><body>forged</body>${error}${forged}</message>`;
  romeo.send(answer);
  const [first, ...more] = await arrivals(stage, juliet);
  const refused = first ?? assert.fail();
  isClean(refused);
  assert.deepEqual(more, []);
  assert.deepEqual([refused.attrs["id"], conditionOf(refused)], ["said", "bad-request"]);
  assert.deepEqual(
    refused.getChildElements().map(({ name }) => name),
    ["error", "occupant-id"],
  );
  await configuresRoom(capulet, { "muc#roomconfig_allowpm": "none" });
  for (const client of everybody) await arrivals(stage, client);
  romeo.send(answer);
  await stage.receiveNothing(juliet);
  await roomGoesOn(stage, juliet, everybody);
});

test("in presence: of a newcomer, of a change, of a new nickname, of the last one", async (t) => {
  const { stage, capulet, juliet, everybody } = await party(t);
  const tybalt = await stage.login("tybalt");
  const all = [
    enters("Tybalt", garden, forged),
    `<presence to='${garden}/Tybalt'><show>away</show>${forged}</presence>`,
    `<presence to='${garden}/Cat'>${forged}</presence>`,
    enters("Cat", garden, forged),
    `<presence type='unavailable' to='${garden}/Cat'>${forged}</presence>`,
  ];
  for (const presence of all) {
    tybalt.send(presence);
    for (const client of [capulet, juliet]) {
      const shown = await arrivals(stage, client);
      assert.ok(shown.length > 0, presence);
      for (const each of shown) {
        isClean(each);
        assert.equal(each.getChildren("x", "http://jabber.org/protocol/muc#user").length, 1);
        assert.deepEqual(each.getChildren("delay"), []);
      }
    }
  }
  await roomGoesOn(stage, juliet, everybody);
});

test("nobody speaks for the room: what outsiders send to its address reaches nobody", async (t) => {
  const { stage, juliet, everybody } = await party(t);
  const tybalt = await stage.login("tybalt");
  for (const type of ["groupchat", "chat", "normal", "headline"])
    tybalt.send(`<message type='${type}' to='${garden}'><body>I am the room.</body>${user}</message>`);
  for (const type of ["chat", "groupchat"])
    tybalt.send(`<message type='${type}' to='${garden}/Juliet'><body>I am Romeo.</body></message>`);
  tybalt.send(`<presence to='${garden}/Romeo'/>`, `<presence type='unavailable' to='${garden}/Romeo'/>`);
  for (const type of ["subscribe", "probe", "error"]) tybalt.send(`<presence type='${type}' to='${garden}/Romeo'/>`);
  await stage.receiveNothing(...everybody);
  await roomGoesOn(stage, juliet, everybody);
});
