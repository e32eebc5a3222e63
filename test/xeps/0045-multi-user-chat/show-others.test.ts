// Who becomes a moderator of a semi-anonymous room sees who is there (XEP-0045 §9.6), or could not ban them by address (§9.1).
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client } from "../../support/client.js";
import { adminQuery, arrivals, garden, leavesRoom, type Party, party, roomGoesOn } from "../../support/rooms.js";

/** Nickname and address of each whom the client is shown, in order. */
async function shownTo({ stage }: Party, client: Client): Promise<readonly string[]> {
  const presences = (await arrivals(stage, client)).filter(({ name }) => name === "presence");
  return presences.map((each) => {
    const item = each.getChild("x")?.getChild("item");
    return `${String(each.attrs["from"]).slice(garden.length + 1)} ${String(item?.attrs["jid"] ?? "–")}`;
  });
}

const changes = {
  role: "<item nick='Romeo' role='moderator'/>",
  affiliation: "<item jid='romeo@verona.example' affiliation='admin'/>",
};

for (const [kind, item] of Object.entries(changes)) {
  test(`a new moderator is shown the addresses of those who are there: by ${kind}`, async (t) => {
    const all = await party(t);
    const { capulet, romeo, juliet } = all;
    await capulet.gets("set", adminQuery(item), garden);
    const others = [`Capulet ${capulet.jid}`, `Juliet ${juliet.jid}`];
    assert.deepEqual(await shownTo(all, romeo), [`Romeo ${romeo.jid}`, ...others]);
    assert.deepEqual(await shownTo(all, juliet), ["Romeo –"]);
    assert.deepEqual(await shownTo(all, capulet), [`Romeo ${romeo.jid}`]);
    await roomGoesOn(all.stage, juliet, all.everybody);
  });
}

test("two who become moderators at once are both shown the rest, and nobody who has left", async (t) => {
  const all = await party(t);
  const { stage, capulet, romeo, juliet } = all;
  await leavesRoom(stage, capulet, "Capulet");
  await shownTo(all, romeo);
  await shownTo(all, juliet);
  const items = "<item nick='Romeo' role='moderator'/><item nick='Juliet' role='moderator'/>";
  await capulet.gets("set", adminQuery(items), garden);
  const seen = [new Set(await shownTo(all, romeo)), new Set(await shownTo(all, juliet))];
  const both = new Set([`Romeo ${romeo.jid}`, `Juliet ${juliet.jid}`]);
  assert.deepEqual(seen, [both, both]);
  await roomGoesOn(stage, juliet, [romeo, juliet]);
});

test("nobody is shown anew to who saw addresses before, nor to who does not see them now", async (t) => {
  const open = await party(t, { fields: { "muc#roomconfig_whois": "anyone" } });
  await open.capulet.gets("set", adminQuery(changes.role), garden);
  assert.deepEqual(await shownTo(open, open.romeo), [`Romeo ${open.romeo.jid}`]);
  const closed = await party(t);
  await closed.capulet.gets("set", adminQuery("<item nick='Romeo' role='visitor'/>"), garden);
  assert.deepEqual(await shownTo(closed, closed.romeo), [`Romeo ${closed.romeo.jid}`]);
});
