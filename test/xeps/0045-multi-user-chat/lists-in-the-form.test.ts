// §10.2: admins and owners named in the configuration form, together with other changes of the same form.
import assert from "node:assert/strict";
import { test } from "node:test";
import { arrivals, configuresRoom, entersRoom, garden, leavesRoom, party, roomGoesOn } from "../../support/rooms.js";

const room = (name: string): string => `muc#roomconfig_${name}`;

for (const list of ["roomadmins", "roomowners"]) {
  test(`who gets onto the list of ${list} of a room that becomes members-only stays in it`, async (t) => {
    const { stage, capulet, romeo, juliet } = await party(t);
    const owners = list === "roomowners" ? "juliet@verona.example" : undefined;
    const fields = { [room("membersonly")]: "1", [room(list)]: owners ?? "juliet@verona.example" };
    await configuresRoom(capulet, fields);
    const out = (await arrivals(stage, romeo)).filter(({ attrs }) => attrs["type"] === "unavailable");
    assert.match(out.join(), /\/Romeo".*<status code="322"\/>/);
    assert.equal(out.length, 1);
    assert.doesNotMatch(
      (await arrivals(stage, juliet)).join(),
      /from="garden@rooms\.verona\.example\/Juliet" type="un/,
    );
    await arrivals(stage, capulet);
    await roomGoesOn(stage, juliet, [capulet, juliet]);
  });
}

test("what is on the lists as a room becomes persistent is there when it is read again", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t, { config: "[extensions.rooms]\nunload_after = '1s'" });
  const fields = {
    [room("persistentroom")]: "1",
    [room("membersonly")]: "1",
    [room("roomadmins")]: "juliet@verona.example",
  };
  await configuresRoom(capulet, fields);
  await arrivals(stage, romeo);
  for (const [nick, client] of Object.entries({ Capulet: capulet, Juliet: juliet }))
    await leavesRoom(stage, client, nick);
  for (let round = 0; round < 4; round += 1) {
    stage.clock.advance(1000);
    await stage.settle();
  }
  await arrivals(stage, juliet);
  const seen = await entersRoom(stage, juliet, "Juliet");
  assert.match(seen.join(), /affiliation="admin" role="moderator"/);
  assert.ok(seen.every(({ attrs }) => String(attrs["from"]).startsWith(garden)));
  await arrivals(stage, capulet);
});
