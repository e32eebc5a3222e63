// rookery room affiliate, occupants, kick: the people of a room.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { RoomAffiliation, RoomOccupant } from "../../src/extension/room-facts.js";
import type { Client } from "../support/client.js";
import { entersRoom, hears, playRooms, type RoomsStage } from "./support/rooms-stage.js";

const garden = "garden@rooms.verona.example";

async function begin(t: TestContext): Promise<{ readonly stage: RoomsStage; readonly romeo: Client }> {
  const stage = await playRooms(t);
  await stage.rookery(`room create ${garden} --owner juliet@verona.example`);
  const romeo = await stage.enter("romeo");
  await entersRoom(romeo, garden, "Romeo");
  return { stage, romeo };
}

test("an affiliation is changed, told to the room, and listed by rank", async (t) => {
  const { stage, romeo } = await begin(t);
  const { out } = await stage.rookery("room affiliate garden romeo@verona.example admin --nick Romeo --reason Love");
  assert.equal(out, `romeo@verona.example is admin in ${garden} now; was none.\n`);
  const told = await hears(romeo, (stanza) => stanza.includes('affiliation="admin"'));
  assert.match(told, /role="moderator".*<reason>Love<\/reason>/);
  await stage.rookery("room affiliate garden padua.example outcast");
  await stage.rookery("room affiliate garden benvolio@verona.example member");
  const { affiliations } = await stage.result<{ affiliations: RoomAffiliation[] }>("room affiliate garden");
  assert.deepEqual(affiliations, [
    { address: "juliet@verona.example", affiliation: "owner" },
    { address: "romeo@verona.example", affiliation: "admin", nick: "Romeo", reason: "Love" },
    { address: "benvolio@verona.example", affiliation: "member" },
    { address: "padua.example", affiliation: "outcast" },
  ]);
  const list = await stage.rookery("room affiliate garden");
  assert.match(list.out, /^AFFILIATION +ADDRESS +NICKNAME +REASON\nowner +juliet@verona\.example\nadmin +romeo@/);
  const again = await stage.rookery("room affiliate garden romeo@verona.example admin");
  assert.equal(again.out, `romeo@verona.example was admin already in ${garden}.\n`);
});

test("what may not be is refused with the reason", async (t) => {
  const { stage } = await begin(t);
  await stage.rookery("room affiliate garden romeo@verona.example member --nick Romeo");
  const lines: [string, number, RegExp][] = [
    ["juliet@verona.example member", 1, /A room must have an owner\./],
    ["padua.example owner", 1, /A whole domain can't be owner; it can be member, none or outcast\./],
    ["tybalt@verona.example member --nick romeo", 1, /The nickname romeo is reserved for romeo@verona\.example\./],
    ["romeo@verona.example", 2, /What is romeo@verona\.example to be\? One of owner, admin, member, none, outcast\./],
    ["romeo@verona.example friend", 2, /"friend" is not one of owner, admin/],
    ["romeo member", 2, /romeo alone is a whole domain\. Did you mean romeo@verona\.example\?/],
  ];
  for (const [words, code, message] of lines) {
    const { exit, err } = await stage.rookery(`room affiliate garden ${words}`);
    assert.equal(exit, code, words);
    assert.match(err, message);
  }
});

test("an admin of the host stays owner, and it says so", async (t) => {
  const stage = await playRooms(t, {
    hosts: [],
    config: "[hosts.'verona.example']\nadmins = ['prince@verona.example']",
  });
  await stage.rookery(`room create ${garden} --owner juliet@verona.example`);
  const { out } = await stage.rookery("room affiliate garden prince@verona.example outcast");
  assert.match(out, /^prince@verona\.example stays owner of garden@.*being an admin of the host\.\n$/);
});

test("an outcast is put out", async (t) => {
  const { stage, romeo } = await begin(t);
  await stage.rookery("room affiliate garden romeo@verona.example outcast");
  assert.match(await hears(romeo, (stanza) => stanza.includes('type="unavailable"')), /<status code="301"/);
  assert.equal((await stage.rookery("room occupants garden")).out, "Nobody is in the room.\n");
});

test("occupants are listed with what they are and where they come from", async (t) => {
  const { stage, romeo } = await begin(t);
  romeo.send(`<presence to='${garden}/Romeo'><show>away</show></presence>`);
  await hears(romeo, (stanza) => stanza.includes("<show>away"));
  const { occupants } = await stage.result<{ occupants: RoomOccupant[] }>("room occupants garden");
  assert.deepEqual(occupants, [
    {
      nick: "Romeo",
      role: "participant",
      affiliation: "none",
      addresses: ["romeo@verona.example/orchard"],
      presence: "away",
      lastSeenAt: stage.clock.now(),
    },
  ]);
  const { out } = await stage.rookery("room occupants garden");
  assert.match(
    out,
    /^NICKNAME +ROLE +AFFILIATION .*\nRomeo +participant +none +away .* romeo@verona\.example\/orchard\n$/,
  );
});

test("a kick puts somebody out, in whatever case the nickname is written", async (t) => {
  const { stage, romeo } = await begin(t);
  const { out } = await stage.rookery("room kick garden ROMEO --reason 'Put up your sword.'");
  assert.equal(out, `Put ROMEO (romeo@verona.example/orchard) out of ${garden}.\n`);
  const told = await hears(romeo, (stanza) => stanza.includes('type="unavailable"'));
  assert.match(told, /<reason>Put up your sword\.<\/reason>.*<status code="307"/);
  await entersRoom(romeo, garden, "Romeo");
  assert.match((await stage.rookery("room kick garden Rome")).err, /goes by the nickname Rome\. Did you mean Romeo\?/);
  assert.match((await stage.rookery("room kick garden Tybalt")).err, /Who is there: rookery room occupants garden@/);
});
