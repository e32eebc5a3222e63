// §9.2: a ban of a whole domain, and those of it whom an affiliation of their own keeps.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RemoteDomain } from "../../support/remote-domain.js";
import { conditionOf } from "../../support/client.js";
import { adminQuery, arrivals, entersRoom, garden, type Party, party, roomGoesOn } from "../../support/rooms.js";

const muc = "<x xmlns='http://jabber.org/protocol/muc'/>";

async function changes({ stage, capulet, everybody }: Party, jid: string, affiliation: string): Promise<void> {
  const item = `<item jid='${jid}' affiliation='${affiliation}'/>`;
  await capulet.gets("set", `<query xmlns='http://jabber.org/protocol/muc#admin'>${item}</query>`, garden);
  for (const client of everybody) await arrivals(stage, client);
}

function comesIn(mantua: RemoteDomain, user: string): void {
  mantua.sends(`<presence from='${user}@mantua.example/shop' to='${garden}/${user}'>${muc}</presence>`);
}

test("all of the domain are put out and kept out, but for those who are something to the room", async (t) => {
  const all = await party(t);
  const mantua = new RemoteDomain(all.stage, "mantua.example");
  await changes(all, "balthasar@mantua.example", "member");
  for (const user of ["apothecary", "balthasar"]) comesIn(mantua, user);
  await mantua.arrivals();
  await changes(all, "mantua.example", "outcast");
  const told = (await mantua.arrivals()).filter(({ attrs }) => attrs["type"] === "unavailable").map(String);
  assert.equal(told.length, 2, told.join("\n"));
  assert.match(
    told[0] ?? "",
    /to="apothecary@.*from="garden@.*\/apothecary" .*affiliation="outcast".*<status code="301"\/>/,
  );
  assert.match(told[1] ?? "", /to="balthasar@.*from="garden@.*\/apothecary" /);
  comesIn(mantua, "apothecary");
  assert.match((await mantua.arrivals()).join(), /to="apothecary@[^>]* type="error".*<forbidden /);
  await roomGoesOn(all.stage, all.juliet, all.everybody);
  assert.equal((await mantua.arrivals()).length, 1, "who is a member hears it");
  await changes(all, "mantua.example", "none");
  comesIn(mantua, "apothecary");
  assert.match((await mantua.arrivals()).join(), /<status code="110"\/>/);
});

test("nobody is shown anew to whom it makes no difference", async (t) => {
  const all = await party(t);
  await changes(all, "romeo@verona.example", "member");
  await changes(all, "juliet@verona.example", "member");
  const item = "<item jid='verona.example' affiliation='outcast'/>";
  await all.capulet.gets("set", `<query xmlns='http://jabber.org/protocol/muc#admin'>${item}</query>`, garden);
  for (const client of all.everybody) {
    const presences = (await arrivals(all.stage, client)).filter(({ name }) => name === "presence");
    assert.deepEqual(presences.map(String), []);
  }
  await roomGoesOn(all.stage, all.juliet, all.everybody);
});

test("an admin of the host is not among them, and can't be banned (§9.1)", async (t) => {
  const all = await party(t, { hosts: [], config: '[hosts."verona.example"]\nadmins = ["prince@verona.example"]' });
  const { stage, capulet } = all;
  const prince = await stage.login("prince", "palace");
  await entersRoom(stage, prince, "Prince");
  const items = ["jid='prince@verona.example'", "jid='prince@verona.example/palace'", "nick='Prince'"];
  for (const item of items) {
    const answer = await capulet.asks("set", adminQuery(`<item ${item} affiliation='outcast'/>`), garden);
    assert.equal(conditionOf(answer), "not-allowed", item);
  }
  const none = "<query xmlns='http://jabber.org/protocol/muc#admin'/>";
  await capulet.gets("get", adminQuery("<item affiliation='outcast'/>"), garden, none);
  await arrivals(stage, prince);
  await changes(all, "verona.example", "outcast");
  await roomGoesOn(stage, capulet, [capulet, prince]);
});
