// rookery room create, show, list, configure, destroy: rooms as such.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RoomDetails, RoomSummary } from "../../src/extension/room-facts.js";
import { entersRoom, hears, playRooms } from "./support/rooms-stage.js";

const garden = "garden@rooms.verona.example";
const create = `room create ${garden} --owner juliet@verona.example`;

function valueOf({ settings }: RoomDetails, wanted: string): string {
  const setting = settings.find(({ name }) => name === wanted) ?? assert.fail(wanted);
  return setting.values.join(",");
}

test("a room that was created is there before anybody has entered it, as configured", async (t) => {
  const stage = await playRooms(t);
  const { exit, out } = await stage.rookery(
    `${create} 'name=The garden' public=no moderated=1 getmemberlist=moderator`,
  );
  assert.deepEqual([exit, out], [0, `Created ${garden}; its owner is juliet@verona.example.\n`]);
  const shown = await stage.result<RoomDetails>(`room show ${garden}`);
  assert.deepEqual([shown.occupants, shown.isPersistent, shown.isPublic, shown.isLocked], [0, true, false, false]);
  assert.deepEqual(shown.owners, ["juliet@verona.example"]);
  const names = ["name", "moderated", "getmemberlist", "membersonly"];
  assert.deepEqual(
    names.map((name) => valueOf(shown, name)),
    ["The garden", "yes", "moderator", "no"],
  );
  const romeo = await stage.enter("romeo");
  await entersRoom(romeo, garden, "Romeo");
});

test("its name is enough where there is one domain with rooms", async (t) => {
  const stage = await playRooms(t);
  await stage.rookery(create);
  const { out } = await stage.rookery("room show garden");
  assert.match(out, /^garden@rooms\.verona\.example\nKind: +persistent, public\nOccupants: +0\nSubject: +none\n/);
  assert.match(
    out,
    /\nOwners: +juliet@verona\.example\nOthers: +0 admins, 0 members, 0 outcasts\nHistory: +0 messages\n/,
  );
  assert.match(out, /\nmembersonly +no +Whether only members may enter\n/);
});

test("with several it has to be said where", async (t) => {
  const stage = await playRooms(t, { hosts: ["verona.example", "mantua.example"] });
  const { exit, err } = await stage.rookery("room show garden");
  assert.equal(exit, 2);
  assert.match(
    err,
    /Say where garden is: garden@DOMAIN\. There are rooms at: rooms\.verona\.example, rooms\.mantua\.example\./,
  );
});

test("what can't be done is said, with what can", async (t) => {
  const stage = await playRooms(t);
  await stage.rookery(create);
  const lines: [string, RegExp][] = [
    [create, /^Error: garden@rooms\.verona\.example exists already\.\n$/],
    ["room show gadren", /There is no room gadren@.*\. Did you mean garden@rooms\.verona\.example\?/],
    ["room show tomb", /There is no room tomb@.*\. All there are: rookery room list/],
    [
      "room show garden@rooms.padua.example",
      /There are no rooms at rooms\.padua\.example\. There are at: rooms\.verona\.example\./,
    ],
    [
      "room create tomb --owner paris@verona.example",
      /There is no account paris@verona\.example\. Create it with: rookery user create paris@/,
    ],
    [`room create tomb --owner juliet@verona.example persistent=no`, /is there only as a persistent one/],
    [
      "room configure garden moderate=yes",
      /A room has no setting moderate\. Did you mean moderated\? There are: name, desc, lang, /,
    ],
    ["room configure garden moderated=perhaps", /moderated: This must be yes or no\./],
    ["room configure garden maxusers=many", /maxusers: This must be a whole number/],
    ["room configure garden contactjid=juliet", /contactjid: .*juliet.* is not/],
  ];
  for (const [line, message] of lines) {
    const { exit, out, err } = await stage.rookery(line);
    assert.deepEqual([exit, out], [1, ""], line);
    assert.match(err, message);
  }
  const misuses: [string, RegExp][] = [
    ["room configure garden", /What is to change\? Write it as NAME=VALUE; rookery room show garden has the names\./],
    ["room configure garden moderated", /"moderated" is no NAME=VALUE\./],
    ["room configure garden secret=wherefore", /give the password by --password-stdin/],
    ["room show garden@rooms.verona.example/Romeo", /The address of a room has no nickname/],
    ["room list --public --hidden", /A room can't be public and hidden\./],
  ];
  for (const [line, message] of misuses) {
    const { exit, err } = await stage.rookery(line);
    assert.equal(exit, 2, line);
    assert.match(err, message);
  }
});

test("where rooms are off, it says so", async (t) => {
  const stage = await playRooms(t, { extensions: [] });
  const { exit, err } = await stage.rookery("room list");
  assert.deepEqual(
    [exit, err],
    [1, "Error: This server has no rooms: the extension rooms is off, in [extensions.rooms].\n"],
  );
});

test("a new configuration is told to those who are in the room, and the others keep their values", async (t) => {
  const stage = await playRooms(t);
  await stage.rookery(`${create} 'name=The garden'`);
  const romeo = await stage.enter("romeo");
  await entersRoom(romeo, garden, "Romeo");
  const { out } = await stage.rookery(
    "room configure garden whois=anyone contactjid=juliet@verona.example,nurse@verona.example",
  );
  assert.match(out, /^Configured garden@rooms\.verona\.example\.\nSETTING +VALUE +MEANING\nname +The garden /);
  assert.match(out, /\ncontactjid +juliet@verona\.example, nurse@verona\.example /);
  assert.match(await hears(romeo, (stanza) => stanza.includes("<status")), /type="groupchat".*<status code="172"/);
});

test("a password comes by standard input, and is not shown", async (t) => {
  const stage = await playRooms(t);
  await stage.rookery(create);
  assert.equal((await stage.rookery("room configure garden --password-stdin", "wherefore\n")).exit, 0);
  const { out } = await stage.rookery("room show garden --json");
  assert.equal(valueOf(JSON.parse(out) as RoomDetails, "secret"), "(hidden)");
  assert.doesNotMatch(out, /wherefore/);
  const romeo = await stage.enter("romeo");
  romeo.send(`<presence to='${garden}/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  assert.match((await romeo.next()).toString(), /<not-authorized/);
  await stage.rookery("room configure garden secret=");
  await entersRoom(romeo, garden, "Romeo");
});

test("all rooms are listed, those in memory and those on disk alone, or some of them", async (t) => {
  const stage = await playRooms(t, { hosts: ["verona.example", "mantua.example"] });
  await stage.account("apothecary", "x", "mantua.example");
  await stage.rookery("room create shop@rooms.mantua.example --owner apothecary@mantua.example");
  await stage.rookery(`${create} public=no 'name=The garden'`);
  stage.clock.advance(600_000);
  await stage.settle();
  stage.clock.advance(600_000); // now nobody has used the garden for long enough
  const romeo = await stage.enter("romeo");
  romeo.send(`<presence to='ball@rooms.verona.example/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  await hears(romeo, (stanza) => stanza.includes('code="201"'));
  const list = async (options = ""): Promise<string[]> =>
    (await stage.result<{ rooms: RoomSummary[] }>(`room list ${options}`)).rooms.map(({ address }) =>
      address.replace(/@.*/, ""),
    );
  assert.deepEqual(await list(), ["ball", "garden", "shop"]);
  assert.deepEqual(await list("verona.example"), ["ball", "garden"]);
  assert.deepEqual(await list("rooms.mantua.example"), ["shop"]);
  assert.deepEqual(await list("--persistent"), ["garden", "shop"]);
  assert.deepEqual(await list("--temporary"), ["ball"]);
  assert.deepEqual(await list("--hidden"), ["garden"]);
  assert.deepEqual(await list("--occupied"), ["ball"]);
  assert.deepEqual(await list("--empty --public"), ["shop"]);
  const { rooms } = await stage.result<{ rooms: RoomSummary[] }>("room list verona.example");
  assert.deepEqual(
    rooms.map(({ isInMemory }) => isInMemory),
    [true, false],
  );
  const { out } = await stage.rookery("room list verona.example");
  assert.match(
    out,
    /^ROOM +OCCUPANTS +KIND +FOUND +LAST USED +NAME\nball@rooms\.verona\.example +1 +being made +public +now\n/,
  );
  assert.match(out, /\ngarden@rooms\.verona\.example +0 +persistent +hidden +\d{4}-\d\d-\d\d \d\d:\d\d +The garden\n$/);
});

test("a room is destroyed when that is meant, and everybody is told why and where to go", async (t) => {
  const stage = await playRooms(t);
  await stage.rookery(create);
  const romeo = await stage.enter("romeo");
  await entersRoom(romeo, garden, "Romeo");
  assert.match((await stage.rookery("room destroy garden")).err, /Nobody is here to be asked.*--yes/);
  assert.match((await stage.rookery("room destroy garden", "n\n", true)).err, /Nothing was done\./);
  const { out } = await stage.rookery("room destroy garden --yes --reason Rain --venue tomb@rooms.verona.example");
  assert.equal(out, `Destroyed ${garden}. 1 occupant had to leave.\n`);
  const told = await hears(romeo, (stanza) => stanza.includes("<destroy"));
  assert.match(told, /<destroy jid="tomb@rooms\.verona\.example"><reason>Rain<\/reason>/);
  assert.match((await stage.rookery("room show garden")).err, /There is no room/);
});

test("where to go is said by the name of a room at the same domain, or by an address anywhere", async (t) => {
  const stage = await playRooms(t, { hosts: ["verona.example", "mantua.example"] });
  const romeo = await stage.enter("romeo");
  const venues = [
    ["tomb", "tomb@rooms.verona.example"],
    ["Tomb", "tomb@rooms.verona.example"],
    ["shop@rooms.padua.example", "shop@rooms.padua.example"],
  ] as const;
  for (const [venue, address] of venues) {
    await stage.rookery(create);
    await entersRoom(romeo, garden, "Romeo");
    assert.equal((await stage.rookery(`room destroy ${garden} --yes --venue ${venue}`)).exit, 0);
    assert.ok((await hears(romeo, (stanza) => stanza.includes("<destroy"))).includes(`<destroy jid="${address}"`));
  }
  await stage.rookery(create);
  for (const venue of ["tomb@rooms.verona.example/Romeo", "a@b@c", "''"]) {
    const { exit } = await stage.rookery(`room destroy ${garden} --yes --venue ${venue}`);
    assert.equal(exit, 2, venue);
  }
  assert.equal((await stage.rookery(`room show ${garden}`)).exit, 0);
  const { out } = await stage.rookery("room destroy --help");
  assert.match(
    out.replaceAll(/\s+/g, " "),
    /--venue <TEXT> address of the room .*, anywhere; or its name for one at the same domain/,
  );
});

test("where no password comes on standard input, the room keeps the one it has", async (t) => {
  const stage = await playRooms(t);
  await stage.rookery(create);
  await stage.rookery("room configure garden --password-stdin", "wherefore\n");
  for (const input of ["", "\n", " \n"]) {
    const { exit, err } = await stage.rookery("room configure garden --password-stdin", input);
    assert.equal(exit, 2);
    assert.match(err, /There is no password on standard input; secret= takes the room's away\./);
  }
  assert.equal(valueOf(await stage.result<RoomDetails>("room show garden"), "secret"), "(hidden)");
});
