// The runner in rooms: fresh addresses, what a server's rooms can do, and how occupants enter and configure.
import assert from "node:assert/strict";
import test from "node:test";
import { runScenes, type Outcome } from "../../conformance/runner/run-scenes.js";
import { Rooms } from "../../conformance/runner/rooms.js";
import { parseScene } from "../../conformance/scene/parse-scene.js";
import type { ServerUnderTest } from "../../conformance/server-under-test.js";
import { serialize } from "../../conformance/xml/element.js";
import { puppetServer, type Puppets } from "./puppet-server.js";

const cast = "[Client] Romeo\n[Client] Juliet\n-----\n";

async function run(action: string, head = "", server: ServerUnderTest = puppetServer()): Promise<Outcome> {
  const scene = parseScene("scene", `${head}${cast}Romeo connects\n${action}`);
  const [outcome] = await runScenes({ scenes: [scene], server, patience: 300 });
  assert.ok(outcome);
  return outcome;
}

function reasonOf(outcome: Outcome): string {
  return outcome.result === "failed" ? outcome.failure.message : outcome.result;
}

/** What was last set in a room. */
function lastChange({ changes }: Puppets): string {
  const change = changes.at(-1);
  assert.ok(change);
  return serialize(change);
}

test("every room of a scene is its own", () => {
  const rooms = new Rooms("muc.verona.example", "5f");
  const written = "<a to='coven@rooms.localhost/Juliet' href='xmpp:heath@rooms.localhost?join'/>rooms.localhost";
  const real =
    "<a to='coven-5f@muc.verona.example/Juliet' href='xmpp:heath-5f@muc.verona.example?join'/>muc.verona.example";
  assert.equal(rooms.withRealRooms(written), real);
  assert.deepEqual(
    ["coven-5f@muc.verona.example", "romeo@verona.example"].map((jid) => rooms.has(jid)),
    [true, false],
  );
});

test("without a service for rooms addresses stay as they are", () => {
  const rooms = new Rooms(undefined, "5f");
  assert.equal(rooms.withRealRooms("coven@rooms.localhost"), "coven@rooms.localhost");
  assert.equal(rooms.has("coven@rooms.localhost"), false);
});

test("scenes can need rooms, their features and settings", async () => {
  const head =
    "# needs: rooms, rooms http://jabber.org/protocol/muc, room muc_open, room option muc#roomconfig_maxusers, room field muc#roominfo_lang, room muc_hidden\n";
  const outcome = await run("", head);
  assert.deepEqual(outcome.result === "not advertised" && outcome.missing, ["room muc_hidden"]);
});

test("a server that is not known to have rooms has none", async () => {
  const server = puppetServer();
  Reflect.deleteProperty(server, "rooms");
  const outcome = await run("", "# needs: rooms\n", server);
  assert.deepEqual(outcome.result === "not advertised" && outcome.missing, ["rooms"]);
});

test("creates: everything until the room is unlocked is taken", async () => {
  const server = puppetServer();
  const outcome = await run("Romeo creates coven@rooms.localhost as Romeo\nRomeo receives nothing\n", "", server);
  assert.equal(outcome.result, "passed", reasonOf(outcome));
  assert.match(lastChange(server), /muc#owner'><x xmlns='jabber:x:data' type='submit'\/>/);
});

test("joins: later messages stay to be received", async () => {
  const says =
    "Romeo sends:\n\t<message to='coven@rooms.localhost'><body>O</body></message>\nRomeo receives:\n\t<message from='coven@rooms.localhost/Romeo'><body>O</body></message>\n";
  const outcome = await run(`Romeo joins coven@rooms.localhost as Romeo\n${says}`);
  assert.equal(outcome.result, "passed", reasonOf(outcome));
});

test("joins: who is refused fails the scene", async () => {
  const outcome = await run("Romeo joins coven@rooms.localhost as Tybalt\n");
  assert.match(reasonOf(outcome), /may not enter: <presence type='error'/);
});

test("joins: the block is what the request to enter contains", async () => {
  const outcome = await run("Romeo joins coven@rooms.localhost as Tybalt:\n\t<password>secret</password>\n");
  assert.ok(outcome.result === "failed");
  assert.match(
    outcome.failure.transcripts.get("Romeo")?.join("\n") ?? "",
    /<x xmlns='[^']*muc'><password>secret<\/password><\/x>/,
  );
});

test("configures: names of settings, and several values", async () => {
  const server = puppetServer();
  const block = "\tmembersonly: 1\n\troomname: The coven\n\tmuc#other: a\n\tmuc#other: b\n\troomsecret:\n";
  const outcome = await run(
    `Romeo creates coven@rooms.localhost as Romeo\nRomeo configures coven@rooms.localhost:\n${block}Romeo receives nothing\n`,
    "",
    server,
  );
  assert.equal(outcome.result, "passed", reasonOf(outcome));
  const form = lastChange(server);
  assert.match(form, /'muc#roomconfig_membersonly'><value>1<\/value>.*'muc#roomconfig_roomname'><value>The coven</);
  assert.match(form, /'muc#other'><value>a<\/value><value>b<\/value>.*'muc#roomconfig_roomsecret'><value\/>/);
});

test("makes: an affiliation for somebody's bare address", async () => {
  const server = puppetServer();
  const outcome = await run(
    "Romeo creates coven@rooms.localhost as Romeo\nRomeo makes Juliet a member of coven@rooms.localhost\nRomeo receives nothing\n",
    "",
    server,
  );
  assert.equal(outcome.result, "passed", reasonOf(outcome));
  assert.match(lastChange(server), /muc#admin'><item affiliation='member' jid='juliet-\w+@puppets'\/>/);
});
