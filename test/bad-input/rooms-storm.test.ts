// Whatever the grammar allows, sent to a room by those in it and others: no fault of ours, nobody cut off, and it goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { arrivals, entersRoom, garden, makesRoom, party, roomGoesOn } from "../support/rooms.js";

const types = {
  message: ["groupchat", "chat", "normal", "error", ""],
  presence: ["", "", "unavailable", "error", "subscribe", "probe"],
  iq: ["get", "set", "result", "error"],
} as const;

const addresses = [
  garden,
  `${garden}/Romeo`,
  `${garden}/Juliet`,
  `${garden}/Capulet`,
  `${garden}/ROMEO `,
  `${garden}/\u{1f339}`,
  `${garden}/ `,
  "rooms.verona.example",
  "rooms.verona.example/x",
  "tomb@rooms.verona.example",
  "tomb@rooms.verona.example/Romeo",
] as const;

const muc = "http://jabber.org/protocol/muc";
const forms = ["#roomconfig", "#request", "#register"].map(
  (type) =>
    `<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>${muc}${type}</value></field>` +
    "<field var='muc#request_allow'><value>1</value></field><field var='muc#register_allow'><value>1</value></field>" +
    "<field var='muc#roomnick'><value>Romeo</value></field><field var='muc#register_roomnick'><value>R</value></field></x>",
);
const item = "<item affiliation='member' nick='Juliet'/>";
const contents = [
  "",
  "<body>Ay me!</body>",
  "<body/><subject/>",
  "<subject>Roses</subject>",
  "<show>away</show><status>\u{1f339}</status>",
  "<error type='cancel'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
  "<error/>",
  `<x xmlns='${muc}'/>`,
  `<x xmlns='${muc}'><history maxstanzas='x'/><password/><mav xmlns='urn:xmpp:muc:affiliations:1' since='x'/></x>`,
  `<x xmlns='${muc}#user'><invite to='tybalt@verona.example'><continue/></invite></x>`,
  `<x xmlns='${muc}#user'><decline to='${garden}/Romeo'/></x>`,
  `<x xmlns='${muc}#user'/>`,
  `<query xmlns='${muc}#admin'>${item}</query>`,
  `<query xmlns='${muc}#admin'><item role='visitor' nick='Romeo'/></query>`,
  `<query xmlns='${muc}#admin'/>`,
  `<query xmlns='${muc}#owner'/>`,
  `<query xmlns='${muc}#owner'>${forms.join("")}</query>`,
  "<query xmlns='jabber:iq:register'/>",
  `<query xmlns='jabber:iq:register'>${forms[2] ?? ""}</query>`,
  "<query xmlns='jabber:iq:register'><remove/></query>",
  "<query xmlns='http://jabber.org/protocol/disco#info'/>",
  "<query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'/>",
  "<query xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'/>",
  "<command xmlns='http://jabber.org/protocol/commands' node='urn:xmpp:hats:commands:create' action='next'/>",
  "<search xmlns='urn:xmpp:channel-search:0:search'/>",
  "<vCard xmlns='vcard-temp'><PHOTO/></vCard>",
  "<ping xmlns='urn:xmpp:ping'/>",
  "<moderate xmlns='urn:xmpp:message-moderate:1' id='x'><retract xmlns='urn:xmpp:message-retract:1'/></moderate>",
  "<apply-to xmlns='urn:xmpp:fasten:0' id='x'><moderate xmlns='urn:xmpp:message-moderate:0'/></apply-to>",
  "<retract xmlns='urn:xmpp:message-retract:1' id='x'/>",
  ...forms,
] as const;

const stanza = fc
  .constantFrom(...(Object.keys(types) as (keyof typeof types)[]))
  .chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      type: fc.constantFrom(...types[kind]),
      to: fc.constantFrom(...addresses),
      contents: fc.array(fc.constantFrom(...contents), { maxLength: 2 }),
      id: fc.constantFrom("i1", "1 x", "2 x", "\u{1f339}"),
      by: fc.nat(3),
    }),
  )
  .map(({ kind, type, to, contents: content, id, by }) => {
    const inner = kind === "iq" && (type === "get" || type === "set") ? (content[0] ?? "") : content.join("");
    return { by, text: `<${kind}${type === "" ? "" : ` type='${type}'`} id='${id}' to='${to}'>${inner}</${kind}>` };
  });

for (const persistence of ["0", "1"]) {
  test(`a storm in a ${persistence === "1" ? "persistent" : "temporary"} room`, async (t) => {
    const { stage, capulet, romeo, juliet } = await party(t, {
      fields: { "muc#roomconfig_persistentroom": persistence },
    });
    const tybalt = await stage.login("tybalt");
    const cast = [capulet, romeo, juliet, tybalt];
    await fc.assert(
      fc.asyncProperty(fc.array(stanza, { minLength: 6, maxLength: 60, size: "max" }), async (storm) => {
        for (const { by, text } of storm) cast[by]?.send(text);
        stage.clock.advance(10_000);
        for (const client of cast) {
          await arrivals(stage, client);
          assert.equal(client.hasEnded, false, client.jid);
        }
        assert.deepEqual(stage.errors, []);
      }),
      { numRuns: 60 },
    );
    // Whatever they have done to the garden, another room is as it should be.
    stage.clock.advance(60_000);
    const hall = "hall@rooms.verona.example";
    await makesRoom(stage, capulet, "Capulet", {}, hall);
    await entersRoom(stage, romeo, "Romeo", hall);
    await roomGoesOn(stage, romeo, [capulet, romeo], hall);
  });
}
