// Broadcast presence: RFC 6121 §4.2, §4.4, §4.5, §4.7.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid } from "../../src/jid/jid.js";
import { conditionOf } from "../support/client.js";
import { playServer, type Stage } from "../support/play-server.js";
import { fetchesRoster, says, sees } from "./rosters.js";

const ROMEO = "romeo@verona.example";
const JULIET = "juliet@verona.example";

/** Romeo sees Juliet, and she does not see him. */
async function oneSided(t: Parameters<typeof playServer>[0]): Promise<Stage> {
  const stage = await playServer(t);
  const state = { name: "", isAsking: false, isApproved: false, groups: [], version: 1 };
  for (const [user, jid, subscription] of [["romeo", JULIET, "to"], ["juliet", ROMEO, "from"]] as const) {
    await stage.account(user);
    await stage.storage.roster.put({ host: "verona.example", user }, { ...state, jid, subscription });
  }
  return stage;
} // prettier-ignore

test("initial presence goes to the subscribers' available resources and to the own ones, its origin included", async (t) => {
  const stage = await oneSided(t);
  const orchard = await stage.enter("romeo", "orchard");
  await sees(orchard, JULIET, "unavailable", orchard.jid);
  const phone = await stage.login("romeo", "phone"); // connected, not available
  const stranger = await stage.enter("tybalt");
  const chamber = await stage.enter("juliet", "chamber");
  await sees(orchard, chamber.jid, "");
  const balcony = await stage.login("juliet", "balcony");
  const content = "<show>chat</show><status>O!</status><c xmlns='http://jabber.org/protocol/caps' node='n' ver='v'/>";
  balcony.send(`<presence id='p1' xml:lang='en'>${content}</presence>`);
  const expected = (to: string): string =>
    `<presence from='${balcony.jid}' to='${to}' id='p1' xml:lang='en'>${content}</presence>`;
  await orchard.receives(expected(ROMEO));
  await chamber.receives(expected(JULIET));
  await balcony.receives(expected(JULIET));
  await sees(balcony, chamber.jid, "");
  await stage.receiveNothing(orchard, phone, stranger, chamber, balcony);
});

test("later presence is broadcast whole, and tells the newcomer's lot to nobody again (§4.4.2)", async (t) => {
  const stage = await oneSided(t);
  const juliet = await stage.enter("juliet", "balcony");
  const romeo = await stage.enter("romeo");
  await sees(romeo, juliet.jid, "", romeo.jid);
  juliet.send("<presence><show>dnd</show><status>Nurse!</status></presence>");
  await romeo.receives(
    `<presence from='${juliet.jid}' to='${ROMEO}'><show>dnd</show><status>Nurse!</status></presence>`,
  );
  await juliet.next();
  await stage.receiveNothing(romeo, juliet);
});

test("unavailable presence is broadcast whole, to the own other resources and to its origin as well (§4.5.2)", async (t) => {
  const stage = await oneSided(t);
  const romeo = await stage.enter("romeo");
  await romeo.next();
  const balcony = await stage.enter("juliet", "balcony");
  const chamber = await stage.enter("juliet", "chamber");
  for (const client of [romeo, romeo, balcony, chamber]) await client.next();
  balcony.send("<presence type='unavailable' id='u1'><status>Anon, good Nurse!</status></presence>");
  for (const [client, to] of [[romeo, ROMEO], [balcony, JULIET], [chamber, JULIET]] as const) {
    await client.receives(
      `<presence from='${balcony.jid}' to='${to}' type='unavailable' id='u1'><status>Anon, good Nurse!</status></presence>`,
    );
  }
  balcony.send("<presence type='unavailable'/>"); // she is not here any more
  await stage.receiveNothing(romeo, balcony, chamber);
}); // prettier-ignore

test("presence after unavailable presence is initial again (§4.5.2)", async (t) => {
  const stage = await oneSided(t);
  const juliet = await stage.enter("juliet", "balcony");
  const romeo = await stage.enter("romeo");
  await romeo.next();
  romeo.send("<presence type='unavailable'/>");
  await romeo.next();
  await romeo.becomesAvailable();
  await sees(romeo, juliet.jid, "", romeo.jid);
});

const ends = {
  "the client closes the stream": (juliet) => juliet.send("</stream:stream>"),
  "the connection is lost": (juliet) => juliet.transport.clientVanishes(),
  "the client makes a mistake": (juliet) => juliet.send("<oops/>"),
  "another session takes the resource": (_, stage) => stage.login("juliet", "balcony"),
} satisfies Record<string, (juliet: Awaited<ReturnType<Stage["enter"]>>, stage: Stage) => unknown>;

for (const [how, end] of Object.entries(ends)) {
  test(`a session that ends is unavailable: ${how} (§4.5.2)`, async (t) => {
    const stage = await oneSided(t);
    const romeo = await stage.enter("romeo");
    await romeo.next();
    const [balcony, chamber] = [await stage.enter("juliet", "balcony"), await stage.enter("juliet", "chamber")];
    for (const client of [romeo, romeo, balcony, chamber]) await client.next();
    await end(balcony, stage);
    await romeo.receives(`<presence from='${balcony.jid}' to='${ROMEO}' type='unavailable'/>`);
    await chamber.receives(`<presence from='${balcony.jid}' to='${JULIET}' type='unavailable'/>`);
    await stage.receiveNothing(romeo, chamber);
  });
}

test("a session without presence comes and goes unseen", async (t) => {
  const stage = await oneSided(t);
  const romeo = await stage.enter("romeo");
  await romeo.next();
  await (await stage.login("juliet")).leaves();
  await stage.receiveNothing(romeo);
});

test("a priority is a number from −128 to 127 (§4.7.2.3)", async (t) => {
  const stage = await oneSided(t);
  const romeo = await stage.enter("romeo");
  await romeo.next();
  const juliet = await stage.login("juliet");
  for (const bad of ["128", "-129", "1.5", "high", "", "0x1", "1 2"]) {
    juliet.send(`<presence id='p1'><priority>${bad}</priority></presence>`);
    const error = await juliet.next();
    assert.deepEqual([error.attrs["id"], error.attrs["from"], conditionOf(error)], ["p1", JULIET, "bad-request"], bad);
  }
  await stage.receiveNothing(romeo);
  for (const good of ["-128", "127", " +5 ", "0"]) {
    juliet.send(`<presence><priority>${good}</priority></presence>`);
    await juliet.receives(`<presence from='${juliet.jid}' to='${JULIET}'><priority>${good}</priority></presence>`);
    assert.equal(stage.router.localSession(Jid.parse(juliet.jid))?.priority, Number(good));
  }
});

test("a bad priority later on leaves the presence as it was", async (t) => {
  const stage = await oneSided(t);
  const juliet = await stage.enter("juliet");
  juliet.send("<presence><priority>1000</priority></presence>");
  await juliet.next();
  const romeo = await stage.enter("romeo");
  await romeo.receives(`<presence from='${juliet.jid}' to='${romeo.jid}'><priority>0</priority></presence>`);
});

test("presence to nobody in particular must be of a type that can be broadcast", async (t) => {
  const stage = await oneSided(t);
  const juliet = await stage.enter("juliet");
  for (const type of ["subscribe", "subscribed", "unsubscribe", "unsubscribed", "invisible"]) {
    juliet.send(`<presence type='${type}' id='p1'/>`);
    assert.equal(conditionOf(await juliet.next()), "bad-request", type);
  }
  juliet.send("<presence type='error'/>"); // which is never answered
  await stage.receiveNothing(juliet);
});

test("presence from anybody is delivered to all available resources, or to the one addressed (§4.6.4, §8.5.3.1)", async (t) => {
  const stage = await playServer(t);
  const balcony = await stage.enter("juliet", "balcony");
  const chamber = await stage.enter("juliet", "chamber");
  await balcony.next();
  await chamber.next();
  const garden = await stage.login("juliet", "garden");
  const paris = await stage.enter("paris");
  paris.send(`<presence to='${JULIET}'/>`);
  for (const client of [balcony, chamber]) await sees(client, paris.jid, "", JULIET);
  paris.send(`<presence to='${garden.jid}'/>`, `<presence to='${balcony.jid}' type='unavailable'/>`);
  await sees(garden, paris.jid, "", garden.jid);
  await sees(balcony, paris.jid, "unavailable", balcony.jid);
  paris.send(`<presence to='${JULIET}/crypt'/>`, "<presence to='nobody@verona.example'/>");
  await stage.receiveNothing(balcony, chamber, garden, paris);
});

test("an error in answer to presence is delivered to the resource that sent it", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.enter("juliet");
  const romeo = await stage.enter("romeo");
  const error = "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
  juliet.send(`<presence to='${romeo.jid}' type='error' id='p1'>${error}</presence>`);
  await romeo.receives(`<presence from='${juliet.jid}' to='${romeo.jid}' type='error' id='p1'>${error}</presence>`);
});

test("an error to the bare JID is delivered to available resources, and to those that may have asked", async (t) => {
  const stage = await playServer(t);
  const available = await stage.enter("romeo", "orchard");
  const interested = await stage.login("romeo", "street");
  const connected = await stage.login("romeo", "cell");
  await fetchesRoster(interested);
  says(interested, "subscribe", "juliet@mantua.example");
  for (const client of [available, interested]) {
    const error = await client.next();
    assert.deepEqual([error.attrs["from"], error.attrs["to"]], ["juliet@mantua.example", ROMEO]);
  }
  await interested.next(); // the push
  await stage.receiveNothing(available, interested, connected);
});

test("to a domain that can't be reached, presence comes back as an error", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.enter("romeo");
  romeo.send("<presence to='juliet@mantua.example' id='p1'/>");
  const error = await romeo.next();
  assert.deepEqual([error.attrs["type"], error.attrs["id"], conditionOf(error)], ["error", "p1", "remote-server-not-found"]); // prettier-ignore
});
