// Who writes, changes or comes too fast is told to wait; what is too long to be shown to everybody is not shown at all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Client, conditionOf } from "../support/client.js";
import {
  adminQuery,
  arrivals,
  configuresRoom,
  enters,
  entersRoom,
  garden,
  makesRoom,
  party,
  refusal,
  roomGoesOn,
  says,
  spoken,
  submission,
} from "../support/rooms.js";
import { playServer, type Stage } from "../support/play-server.js";

const tooFast = "policy-violation wait";
const narrow = { config: "[extensions.rooms]\nmessage_rate = 5\nmessage_burst = 30" };

async function conditionsFor(stage: Stage, client: Client): Promise<readonly string[]> {
  return (await arrivals(stage, client)).flatMap((each) => conditionOf(each) ?? []);
}

test("messages: a burst passes, then as many as the room allows in the long run", async (t) => {
  const { stage, romeo, juliet, everybody } = await party(t, narrow);
  for (let count = 0; count < 100; count += 1) says(romeo, `${count}`);
  assert.equal(spoken(await arrivals(stage, juliet)).length, 30);
  const refused = await conditionsFor(stage, romeo);
  assert.deepEqual([refused.length, ...new Set(refused)], [70, "policy-violation"]);
  stage.clock.advance(1000);
  for (let count = 0; count < 10; count += 1) says(romeo, `${count}`);
  assert.equal(spoken(await arrivals(stage, juliet)).length, 5);
  await roomGoesOn(stage, juliet, everybody);
});

test("messages: it helps nobody to come again, or with another session or nickname", async (t) => {
  const { stage, romeo, juliet, everybody } = await party(t, narrow);
  for (let count = 0; count < 30; count += 1) says(romeo, `${count}`);
  romeo.send(`<presence type='unavailable' to='${garden}/Romeo'/>`);
  const other = await stage.login("romeo", "tomb");
  await entersRoom(stage, other, "Montague");
  await arrivals(stage, juliet);
  const message = `<message type='groupchat' to='${garden}'><body>And still I speak.</body></message>`;
  assert.equal(await refusal(stage, other, message), tooFast);
  assert.deepEqual(spoken(await arrivals(stage, juliet)), []);
  await roomGoesOn(stage, juliet, [everybody[0] ?? assert.fail(), juliet, other]);
});

test("messages: owners and admins don't wait, they may have to answer for a bridge", async (t) => {
  const { stage, capulet, juliet } = await party(t);
  for (let count = 0; count < 100; count += 1) says(capulet, `${count}`);
  assert.equal(spoken(await arrivals(stage, juliet)).length, 100);
});

test("invitations and voice requests count as well: they reach others by way of the room", async (t) => {
  const { stage, romeo, juliet, everybody } = await party(t, narrow);
  const invite = "<invite to='mercutio@verona.example'/>";
  const x = `<x xmlns='http://jabber.org/protocol/muc#user'>${invite}</x>`;
  const mercutio = await stage.enter("mercutio");
  for (let count = 0; count < 100; count += 1) romeo.send(`<message to='${garden}'>${x}</message>`);
  assert.equal((await arrivals(stage, mercutio)).length, 30);
  assert.equal((await conditionsFor(stage, romeo)).length, 70);
  await roomGoesOn(stage, juliet, everybody);
});

test("private messages count as well, and the errors that answer them", async (t) => {
  const { stage, romeo, juliet, everybody } = await party(t, narrow);
  const to = `to='${garden}/Juliet'`;
  const error = "<error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
  for (let count = 0; count < 20; count += 1)
    romeo.send(`<message type='chat' ${to}><body>${count}</body></message>`, `<message type='error' ${to}>${error}</message>`); // prettier-ignore
  assert.equal((await arrivals(stage, juliet)).length, 30);
  assert.deepEqual(await conditionsFor(stage, romeo), Array(5).fill("policy-violation"));
  await roomGoesOn(stage, juliet, everybody);
});

test("so do requests to register and declined invitations, which outsiders may send", async (t) => {
  const { stage, capulet, juliet, everybody } = await party(t);
  const [tybalt, paris] = [await stage.login("tybalt"), await stage.login("paris")];
  const decline = `<x xmlns='http://jabber.org/protocol/muc#user'><decline to='${garden}/Juliet'/></x>`;
  for (let count = 0; count < 50; count += 1) paris.send(`<message to='${garden}'>${decline}</message>`);
  assert.equal((await arrivals(stage, juliet)).length, 20);
  assert.equal((await conditionsFor(stage, paris)).length, 30);
  const members = ["romeo", "juliet"].map((user) => `<item affiliation='member' jid='${user}@verona.example'/>`);
  await capulet.gets("set", adminQuery(members.join("")), garden);
  await configuresRoom(capulet, { "muc#roomconfig_membersonly": "1" });
  await arrivals(stage, capulet);
  const form = submission("http://jabber.org/protocol/muc#register", { "muc#register_roomnick": "Tybalt" }).toString();
  for (let count = 0; count < 50; count += 1)
    tybalt.send(`<iq type='set' id='r' to='${garden}'><query xmlns='jabber:iq:register'>${form}</query></iq>`);
  assert.equal((await arrivals(stage, capulet)).length, 20);
  assert.equal((await conditionsFor(stage, tybalt)).length, 30);
  await roomGoesOn(stage, juliet, everybody);
});

test("presence: a burst of changes passes, then as many as the room allows in the long run", async (t) => {
  const { stage, romeo, juliet, everybody } = await party(t);
  for (let count = 0; count < 100; count += 1)
    romeo.send(`<presence to='${garden}/Romeo'><status>${count}</status></presence>`);
  // his entry was the first of 20
  assert.equal((await arrivals(stage, juliet)).length, 19);
  const refused = await conditionsFor(stage, romeo);
  assert.deepEqual([refused.length, ...new Set(refused)], [81, "policy-violation"]);
  assert.equal(await refusal(stage, romeo, `<presence to='${garden}/Montague'/>`), tooFast);
  stage.clock.advance(1000);
  for (let count = 0; count < 10; count += 1) romeo.send(`<presence to='${garden}/Romeo${count}'/>`);
  const renamed = (await arrivals(stage, juliet)).filter((each) => each.toString().includes('code="303"'));
  assert.equal(renamed.length, 2);
  await roomGoesOn(stage, romeo, everybody);
});

test("presence: who comes and goes all the time is kept out for a while, and so is who guesses passwords", async (t) => {
  const { stage, capulet, juliet, everybody } = await party(t);
  const tybalt = await stage.login("tybalt");
  for (let count = 0; count < 50; count += 1) {
    tybalt.send(enters("Tybalt"));
    tybalt.send(`<presence type='unavailable' to='${garden}/Tybalt'/>`);
  }
  assert.equal((await arrivals(stage, juliet)).length, 40);
  assert.equal((await conditionsFor(stage, tybalt)).length, 30);
  const tomb = "tomb@rooms.verona.example";
  await makesRoom(
    stage,
    capulet,
    "Capulet",
    { "muc#roomconfig_passwordprotectedroom": "1", "muc#roomconfig_roomsecret": "rose" },
    tomb,
  );
  const guess = `<presence to='${tomb}/Tybalt'><x xmlns='http://jabber.org/protocol/muc'><password>thorn</password></x></presence>`;
  tybalt.send(guess.repeat(50));
  const refused = await conditionsFor(stage, tybalt);
  assert.equal(refused.filter((condition) => condition === "not-authorized").length, 20);
  assert.equal(refused.filter((condition) => condition === "policy-violation").length, 30);
  await roomGoesOn(stage, juliet, everybody);
});

test("presence: who is in and enters again and again is not sent everything each time", async (t) => {
  const { stage, romeo, juliet, everybody } = await party(t);
  for (let count = 0; count < 100; count += 1) romeo.send(enters("Romeo"));
  const all = await arrivals(stage, romeo);
  assert.equal(all.filter((each) => each.getChild("subject") !== undefined).length, 19);
  assert.equal((await arrivals(stage, juliet)).length, 19);
  await roomGoesOn(stage, romeo, everybody);
});

test("leaving is never refused", async (t) => {
  const { stage, romeo, juliet } = await party(t);
  romeo.send(`<presence to='${garden}/Romeo'/>`.repeat(50));
  await arrivals(stage, juliet);
  romeo.send(`<presence type='unavailable' to='${garden}/Romeo'/>`);
  assert.equal((await arrivals(stage, juliet))[0]?.attrs["type"], "unavailable");
});

test("a status that is too long is refused, and left out when somebody leaves with it", async (t) => {
  const { stage, romeo, juliet, everybody } = await party(t);
  const tybalt = await stage.login("tybalt");
  const status = `<status>${"O".repeat(8200)}</status>`;
  const refused = "policy-violation modify";
  assert.equal(await refusal(stage, tybalt, enters("Tybalt", garden, status)), refused);
  assert.equal(await refusal(stage, romeo, `<presence to='${garden}/Romeo'>${status}</presence>`), refused);
  assert.equal(await refusal(stage, romeo, enters("Romeo", garden, status)), refused);
  assert.equal(await refusal(stage, romeo, `<presence to='${garden}/Montague'>${status}</presence>`), refused);
  await stage.receiveNothing(...everybody);
  await roomGoesOn(stage, romeo, everybody);
  romeo.send(`<presence type='unavailable' to='${garden}/Romeo'>${status}</presence>`);
  const [gone] = await arrivals(stage, juliet);
  assert.deepEqual([gone?.attrs["type"], gone?.getChild("status")], ["unavailable", undefined]);
});

test("a message or a subject that is too long is refused", async (t) => {
  const { stage, romeo, capulet, everybody } = await party(t);
  const long = "O".repeat(65_600);
  const message = (content: string): string => `<message type='groupchat' to='${garden}'>${content}</message>`;
  for (const client of [romeo, capulet]) {
    assert.equal(await refusal(stage, client, message(`<body>${long}</body>`)), "policy-violation modify");
    assert.match(await refusal(stage, client, message(`<subject>${long}</subject>`)), /policy-violation modify/);
  }
  await stage.receiveNothing(...everybody);
  await roomGoesOn(stage, romeo, everybody);
});

test("a session is in so many rooms at most; who leaves one may enter another", async (t) => {
  const { stage, romeo, everybody, capulet } = await party(t, { config: "[extensions.rooms]\nrooms_per_session = 2" });
  await makesRoom(stage, romeo, "Romeo", {}, "tomb@rooms.verona.example");
  const cell = enters("Romeo", "cell@rooms.verona.example");
  assert.equal(await refusal(stage, romeo, cell), "resource-constraint wait");
  await romeo.isRefused(
    "item-not-found",
    "get",
    "<query xmlns='http://jabber.org/protocol/disco#info'/>",
    "cell@rooms.verona.example",
  );
  romeo.send(`<presence type='unavailable' to='tomb@rooms.verona.example/Romeo'/>`);
  assert.equal(await refusal(stage, romeo, cell), "");
  const kick = "<item nick='Romeo' role='none'/>";
  await arrivals(stage, capulet);
  await capulet.asks("set", adminQuery(kick), garden);
  assert.equal(await refusal(stage, romeo, enters("Romeo", "hall@rooms.verona.example")), "");
  const other = await stage.login("romeo", "tomb");
  await entersRoom(stage, other, "Montague");
  await roomGoesOn(stage, other, [...everybody.filter((each) => each !== romeo), other]);
});

test("history requests without end bring what the room gives at most, and keep nobody out", async (t) => {
  const stage = await playServer(t, { config: "[extensions.rooms]\nhistory = 5" });
  const capulet = await stage.login("capulet");
  await makesRoom(stage, capulet, "Capulet");
  for (let count = 0; count < 20; count += 1) says(capulet, `${count}`);
  await arrivals(stage, capulet);
  const requests = [
    "maxstanzas='99999999999999999999'",
    "maxstanzas='-1'",
    "maxstanzas='1e9'",
    "maxchars='99999999999999999999'",
    "seconds='99999999999999999999'",
    "seconds='NaN'",
    "since='0001-01-01T00:00:00Z'",
    "since='yesterday'",
    "since='+999999-01-01T00:00:00Z'",
  ];
  for (const [index, request] of requests.entries()) {
    const guest = await stage.login(`guest${index}`);
    guest.send(
      `<presence to='${garden}/Guest${index}'><x xmlns='http://jabber.org/protocol/muc'><history ${request}/></x></presence>`,
    );
    const all = await arrivals(stage, guest);
    assert.equal(spoken(all).length, 5, request);
    assert.ok(all.at(-1)?.getChild("subject") !== undefined, request);
    await roomGoesOn(stage, capulet, [capulet, guest]);
  }
});
