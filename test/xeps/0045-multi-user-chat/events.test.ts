// What the log says of rooms: every change of one, with who made it; never what was said.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid } from "../../../src/jid/jid.js";
import type { Stage } from "../../support/play-server.js";
import { RemoteDomain } from "../../support/remote-domain.js";
import { arrivals, configuresRoom, garden, party, says } from "../../support/rooms.js";

/** The events since one last looked: name and fields, without those that all have. */
function eventsOf({ events }: Stage): readonly Readonly<Record<string, unknown>>[] {
  const all = events.splice(0).map((line) => JSON.parse(line) as Record<string, unknown>);
  return all
    .filter(({ event }) => /^(?:room|occupant)-/.test(String(event)))
    .map((each) => {
      assert.equal(each["room"], garden);
      return Object.fromEntries(
        Object.entries(each).filter(([name]) => !["level", "time", "host", "extension", "room"].includes(name)),
      );
    });
}

const admin = (item: string): string => `<query xmlns='http://jabber.org/protocol/muc#admin'>${item}</query>`;
const by = "capulet@verona.example";

test("what owners, admins and moderators do is logged, with who did it", async (t) => {
  const { stage, capulet, romeo } = await party(t, { hasEvents: true });
  assert.deepEqual(eventsOf(stage), [
    { event: "room-created", owner: by, by },
    { event: "room-configured", by, persistent: false },
  ]);
  await configuresRoom(capulet, { "muc#roomconfig_persistentroom": "1" });
  assert.deepEqual(eventsOf(stage), [{ event: "room-configured", by, persistent: true }]);
  await capulet.gets("set", admin("<item affiliation='member' jid='romeo@verona.example'/>"), garden);
  await capulet.gets("set", admin("<item affiliation='outcast' jid='padua.example'/>"), garden);
  await capulet.gets("set", admin("<item role='none' nick='Juliet'><reason>To bed!</reason></item>"), garden);
  assert.deepEqual(eventsOf(stage), [
    { event: "room-affiliation-changed", of: "romeo@verona.example", from: "none", to: "member", by },
    { event: "room-affiliation-changed", of: "padua.example", from: "none", to: "outcast", by },
    { event: "room-role-changed", of: "juliet@verona.example", from: "participant", to: "none", by },
  ]);
  capulet.send(`<message type='groupchat' to='${garden}'><subject>A feast</subject></message>`);
  await arrivals(stage, capulet);
  assert.deepEqual(eventsOf(stage), [{ event: "room-subject-changed", by }]);
  says(romeo, "Ay me!");
  const said = (await arrivals(stage, romeo)).find((each) => each.getChild("body") !== undefined);
  const id = String(said?.getChild("stanza-id")?.attrs["id"]);
  const retract = "<retract xmlns='urn:xmpp:message-retract:1'/>";
  await capulet.gets("set", `<moderate xmlns='urn:xmpp:message-moderate:1' id='${id}'>${retract}</moderate>`, garden);
  assert.deepEqual(eventsOf(stage), [{ event: "room-message-moderated", by, id }]);
  const destroy = "<destroy jid='tomb@rooms.verona.example'/>";
  await capulet.gets("set", `<query xmlns='http://jabber.org/protocol/muc#owner'>${destroy}</query>`, garden);
  assert.deepEqual(eventsOf(stage), [{ event: "room-destroyed", by, venue: "tomb@rooms.verona.example" }]);
});

test("what the operator does has nobody behind it", async (t) => {
  const { stage, juliet } = await party(t, { hasEvents: true });
  const rooms = stage.router.hosts.get("verona.example")?.offers.get("rooms") ?? assert.fail();
  eventsOf(stage);
  const jid = Jid.parse(garden);
  await rooms.kick(jid, "Juliet", undefined);
  await rooms.setSubject(jid, "A feast");
  await rooms.purge(jid, undefined);
  await rooms.destroy(jid, {});
  assert.deepEqual(eventsOf(stage), [
    { event: "room-role-changed", of: "juliet@verona.example", from: "participant", to: "none" },
    { event: "room-subject-changed" },
    { event: "room-history-purged", messages: 0 },
    { event: "room-destroyed" },
  ]);
  await arrivals(stage, juliet);
});

test("an occupant who can't be reached is logged with the reason, and what is said is not", async (t) => {
  const { stage, juliet } = await party(t, { hasEvents: true });
  const mantua = new RemoteDomain(stage, "mantua.example");
  const apothecary = "apothecary@mantua.example/shop";
  const muc = "<x xmlns='http://jabber.org/protocol/muc'/>";
  mantua.sends(`<presence from='${apothecary}' to='${garden}/Apothecary'>${muc}</presence>`);
  await mantua.arrivals();
  eventsOf(stage);
  says(juliet, "Wherefore art thou?");
  await mantua.arrivals();
  const error = "<error type='cancel'><remote-server-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
  mantua.sends(`<message type='error' from='${apothecary}' to='${garden}'>${error}</message>`);
  await arrivals(stage, juliet);
  assert.ok(!stage.events.join().includes("Wherefore"));
  assert.deepEqual(eventsOf(stage), [
    { event: "occupant-unreachable", occupant: apothecary, condition: "remote-server-not-found" },
  ]);
});
