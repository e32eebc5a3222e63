// Storage fails while people are put out: whoever asked is told, and nobody stays in the list of the others.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid } from "../../../src/jid/jid.js";
import { arrivals, garden, type Party, party, roomGoesOn } from "../../support/rooms.js";

/** A persistent room whose standings can't be stored. */
async function withBrokenDisk(t: Parameters<typeof party>[0]): Promise<Party> {
  const all = await party(t, { fields: { "muc#roomconfig_persistentroom": "1" } });
  all.stage.storage.hostCollections.set = () => Promise.reject(new Error("no space left on device"));
  return all;
}

async function isOutForAll({ stage, capulet, romeo, juliet }: Party): Promise<void> {
  for (const client of [capulet, romeo, juliet]) {
    const gone = (await arrivals(stage, client)).filter(({ attrs }) => attrs["type"] === "unavailable").map(String);
    assert.equal(gone.length, 1, client.jid);
    assert.match(gone[0] ?? "", /\/Romeo".*<status code="301"\/>/);
  }
  await roomGoesOn(stage, juliet, [capulet, juliet]);
}

test("a ban by an owner", async (t) => {
  const all = await withBrokenDisk(t);
  const item = "<item affiliation='outcast' jid='romeo@verona.example'/>";
  const query = `<query xmlns='http://jabber.org/protocol/muc#admin'>${item}</query>`;
  await all.capulet.isRefused("internal-server-error", "set", query, garden);
  await isOutForAll(all);
  all.stage.errors.length = 0;
});

test("a ban by the operator", async (t) => {
  const all = await withBrokenDisk(t);
  const rooms = all.stage.router.hosts.get("verona.example")?.offers.get("rooms") ?? assert.fail();
  const change = { address: "romeo@verona.example", affiliation: "outcast" } as const;
  await assert.rejects(rooms.affiliate(Jid.parse(garden), change), /no space left/);
  await isOutForAll(all);
  all.stage.errors.length = 0;
});
