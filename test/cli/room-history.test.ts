// rookery room subject, history, purge: what is said in a room, and what goes again.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { RoomMessageText, RoomSubject } from "../../src/extension/room-facts.js";
import type { Client } from "../support/client.js";
import { entersRoom, hears, playRooms, type RoomsStage, says } from "./support/rooms-stage.js";

const garden = "garden@rooms.verona.example";
const day = 86_400_000;

async function begin(t: TestContext): Promise<{ readonly stage: RoomsStage; readonly romeo: Client }> {
  const stage = await playRooms(t);
  await stage.rookery(`room create ${garden} --owner juliet@verona.example`);
  const romeo = await stage.enter("romeo");
  await entersRoom(romeo, garden, "Romeo");
  return { stage, romeo };
}

async function messages(stage: RoomsStage, options = ""): Promise<readonly RoomMessageText[]> {
  return (await stage.result<{ messages: RoomMessageText[] }>(`room history garden ${options}`)).messages;
}

async function words(stage: RoomsStage, options = ""): Promise<string[]> {
  return (await messages(stage, options)).map(({ text }) => text);
}

test("the subject is set, told to everybody and shown", async (t) => {
  const { stage, romeo } = await begin(t);
  assert.equal((await stage.rookery("room subject garden")).out, `${garden} has no subject.\n`);
  const { out } = await stage.rookery("room subject garden 'Roses, and other names'");
  assert.equal(out, `The subject of ${garden} is now: Roses, and other names\n`);
  const told = await hears(romeo, (stanza) => stanza.includes("<subject>"));
  assert.match(told, /from="garden@rooms\.verona\.example" .*<subject>Roses, and other names<\/subject>/);
  const { subject } = await stage.result<{ subject: RoomSubject }>("room subject garden");
  assert.deepEqual(subject, { text: "Roses, and other names", by: "", at: stage.clock.now() });
  assert.match((await stage.rookery("room subject garden")).out, /^Roses, and other names\nset by the room itself at /);
  assert.equal((await stage.rookery("room subject garden ''")).out, `${garden} has no subject now.\n`);
});

test("the history is shown in lines, and can be read back page by page", async (t) => {
  const { stage, romeo } = await begin(t);
  assert.equal((await stage.rookery("room history garden")).out, "There are no messages.\n");
  for (const line of ["Is the day so young?", "Ay me!", "Was that my father?"]) await says(romeo, garden, line);
  assert.deepEqual(await words(stage), ["Is the day so young?", "Ay me!", "Was that my father?"]);
  const last = await messages(stage, "--last 1");
  assert.deepEqual(await words(stage, `--last 1 --before ${last[0]?.id ?? ""}`), ["Ay me!"]);
  assert.match(
    last[0]?.stanza ?? "",
    /^<message .*from='garden@rooms\.verona\.example\/Romeo'.*<body>Was that my father/,
  );
  const { out } = await stage.rookery("room history garden --last 2");
  assert.match(out, /^\d{4}-\d\d-\d\d \d\d:\d\d {2}Romeo: Ay me!\n.* {2}Romeo: Was that my father\?\n$/);
  assert.match((await stage.rookery("room history garden --last 501")).err, /At most 500 messages at once/);
  assert.equal((await stage.rookery("room history garden --before nonsense")).exit, 1);
});

test("nothing that was said steers the terminal", async (t) => {
  const { stage, romeo } = await begin(t);
  await says(romeo, garden, "a\u009B2J\nb\u202Ec");
  const { out } = await stage.rookery("room history garden");
  assert.match(out, /Romeo: a\uFFFD2J\n {4}b\uFFFDc\n$/);
});

test("old messages go, for newcomers too", async (t) => {
  const { stage, romeo } = await begin(t);
  await says(romeo, garden, "Is the day so young?");
  stage.clock.advance(10 * day);
  const benvolio = await stage.enter("benvolio");
  await entersRoom(benvolio, garden, "Benvolio");
  await says(benvolio, garden, "Ay me!");
  assert.match((await stage.rookery("room purge garden --before 2026-05-01")).err, /say so with --yes/);
  const { out } = await stage.rookery("room purge garden --before 2026-05-01 --yes");
  assert.equal(out, `Removed 1 message from the history of ${garden}.\n`);
  assert.deepEqual(await words(stage), ["Ay me!"]);
  const juliet = await stage.enter("juliet");
  juliet.send(`<presence to='${garden}/Juliet'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  assert.match(await hears(juliet, (stanza) => stanza.includes("<body>")), /Ay me!/);
  await stage.rookery("room purge garden --all --yes");
  assert.deepEqual(await words(stage), []);
});

test("one message leaves that it was there, and clients are told to hide it", async (t) => {
  const { stage, romeo } = await begin(t);
  await says(romeo, garden, "A plague on both your houses!");
  const [message] = await messages(stage);
  const id = message?.id ?? assert.fail();
  assert.equal((await stage.rookery(`room purge garden --id ${id} --reason Peace`)).exit, 0);
  const told = await hears(romeo, (stanza) => stanza.includes("<retract"));
  assert.match(told, new RegExp(`<retract .*id="${id}".*<moderated .*<reason>Peace</reason>`));
  const { out } = await stage.rookery("room history garden");
  assert.match(out, /Romeo: \(taken back\)\n/);
  assert.doesNotMatch(out, /plague/);
  assert.match((await stage.rookery("room purge garden --id nonsense")).err, /has no message nonsense/);
});

test("a message that is gone already is said to be, and nobody is told again", async (t) => {
  const { stage, romeo } = await begin(t);
  for (const line of ["A plague on both your houses!", "I am sped."]) await says(romeo, garden, line);
  const [plague = assert.fail(), sped = assert.fail()] = (await messages(stage)).map(({ id }) => id);
  const removed = { room: garden, messages: 1, wasGone: false, rooms: [], isDone: true, next: null };
  assert.deepEqual(await stage.result(`room purge garden --id ${plague}`), removed);
  const then = await messages(stage);
  const { exit, out } = await stage.rookery(`room purge garden --id ${plague} --reason Peace`);
  assert.deepEqual([exit, out], [0, `The message had been removed from the history of ${garden} already.\n`]);
  const again = { ...removed, messages: 0, wasGone: true };
  assert.deepEqual(await stage.result(`room purge garden --id ${plague}`), again);
  assert.deepEqual(await messages(stage), then);
  // the next word of the room's is about the other one
  await hears(romeo, (stanza) => stanza.includes("<retract"));
  assert.equal(
    (await stage.rookery(`room purge garden --id ${sped}`)).out,
    `Removed 1 message from the history of ${garden}.\n`,
  );
  assert.match(await hears(romeo, (stanza) => stanza.includes("<retract")), new RegExp(`<retract .*id="${sped}"`));
});

test("what is to go has to be said", async (t) => {
  const { stage } = await begin(t);
  const lines: [string, RegExp][] = [
    ["garden", /Say one of --before, --all, --id and --unused-for\./],
    ["garden --all --before 2026-01-01 --yes", /Say one of/],
    ["--all", /Which room\? Only --unused-for goes without one\./],
    ["garden --unused-for 90d", /--unused-for goes for all rooms; leave out the room\./],
    ["--unused-for long", /"long" is no span of time; write it as 12h or 90d\./],
    ["garden --all --before 2026-01-01", /Say one of/],
    ["garden --before yesterday", /"yesterday" is no time/],
    ["garden --before yesterday --yes", /"yesterday" is no time; write it as 2026-01-31, /],
    ["garden --all --yes --reason Peace", /--reason goes with --id only\./],
  ];
  for (const [words, message] of lines) {
    const { exit, err } = await stage.rookery(`room purge ${words}`);
    assert.equal(exit, 2, words);
    assert.match(err, message);
  }
});

test("rooms that nobody was in for long are listed, and destroyed when that is meant", async (t) => {
  const { stage } = await begin(t);
  await stage.rookery(`room create tomb@rooms.verona.example --owner juliet@verona.example`);
  stage.clock.advance(60 * day);
  const benvolio = await stage.enter("benvolio");
  await entersRoom(benvolio, garden, "Benvolio");
  stage.clock.advance(40 * day);
  await stage.rookery("room show tomb"); // to look at it is not to use it
  const dry = await stage.rookery("room purge --unused-for 90d");
  assert.match(dry.out, /^ROOM .*\ntomb@rooms\.verona\.example .*\n1 room would be destroyed; --yes does it\.\n$/);
  assert.match((await stage.rookery("room purge --unused-for 90d --yes")).out, /\nDestroyed 1 room\.\n$/);
  assert.match((await stage.rookery("room show tomb")).err, /There is no room tomb@/);
  assert.equal((await stage.rookery("room show garden")).exit, 0);
  assert.equal((await stage.rookery("room purge --unused-for 90d")).out, "No room has been unused for so long.\n");
});
