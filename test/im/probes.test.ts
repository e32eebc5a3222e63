// Presence probes: RFC 6121 §4.3, §4.6.6.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid } from "../../src/jid/jid.js";
import { buildStanza } from "../../src/stanza/build.js";
import { playServer, type Stage } from "../support/play-server.js";
import { hears, isPushed, fetchesRoster, sees } from "./rosters.js";

const ROMEO = "romeo@verona.example";
const JULIET = "juliet@verona.example";

async function friends(t: Parameters<typeof playServer>[0]): Promise<Stage> {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  return stage;
}

test("who comes learns of each resource of each contact, whole and with its own id (§4.3.2, §4.3.2.1)", async (t) => {
  const stage = await friends(t);
  const balcony = await stage.login("juliet", "balcony");
  balcony.send("<presence id='pres1'><show>dnd</show><status>busy!</status></presence>");
  await balcony.next();
  await sees(balcony, ROMEO, "unavailable", balcony.jid);
  const chamber = await stage.login("juliet", "chamber");
  chamber.send("<presence id='pres2'><show>away</show></presence>");
  await stage.settle();
  const phone = await stage.enter("romeo", "phone");
  const status = "<show>dnd</show><status>busy!</status>";
  await phone.receives(`<presence from='${balcony.jid}' to='${phone.jid}' id='pres1'>${status}</presence>`);
  await phone.receives(`<presence from='${chamber.jid}' to='${phone.jid}' id='pres2'><show>away</show></presence>`);
  // a second one learns it too, without the first being told again
  const orchard = await stage.enter("romeo", "orchard");
  await sees(orchard, phone.jid, "");
  for (const juliet of [balcony, chamber]) await sees(orchard, juliet.jid, "", orchard.jid);
  await sees(phone, orchard.jid, "");
  await stage.receiveNothing(phone, orchard);
});

test("a contact who has gone says so from the bare JID, with the time and the last words", async (t) => {
  const stage = await friends(t);
  const juliet = await stage.login("juliet", "balcony");
  juliet.send(
    "<presence/>",
    "<presence type='unavailable' id='u1'><status>I hear some noise within</status></presence>",
  );
  await stage.settle();
  stage.clock.advance(3_600_000);
  const romeo = await stage.enter("romeo");
  await romeo.receives(
    `<presence from='${JULIET}' to='${romeo.jid}' type='unavailable' id='u1'>
      <status>I hear some noise within</status><delay xmlns='urn:xmpp:delay' stamp='2026-04-23T20:00:00Z'/></presence>`,
  );
});

test("a very long farewell is not repeated, but its time is", async (t) => {
  const stage = await friends(t);
  const juliet = await stage.login("juliet", "balcony");
  juliet.send("<presence/>", `<presence type='unavailable'><status>${"O ".repeat(6000)}</status></presence>`);
  await stage.settle();
  const romeo = await stage.enter("romeo");
  await romeo.receives(
    `<presence from='${JULIET}' to='${romeo.jid}' type='unavailable'>
      <delay xmlns='urn:xmpp:delay' stamp='2026-04-23T20:00:00Z'/></presence>`,
  );
});

test("a contact who has not been here for as long as anybody knows is just unavailable; the probe's id comes back", async (t) => {
  const stage = await friends(t);
  const romeo = await stage.enter("romeo");
  await romeo.receives(`<presence from='${JULIET}' to='${romeo.jid}' type='unavailable'/>`);
  romeo.send(`<presence type='probe' to='${JULIET}' id='probe2'/>`);
  await romeo.receives(`<presence from='${JULIET}' to='${romeo.jid}' type='unavailable' id='probe2'/>`);
});

test("a probe of a full JID is answered for that resource alone, and not in detail (§4.3.2)", async (t) => {
  const stage = await friends(t);
  const balcony = await stage.login("juliet", "balcony");
  balcony.send("<presence id='pres1'><show>dnd</show></presence>");
  const chamber = await stage.enter("juliet", "chamber");
  const garden = await stage.login("juliet", "garden");
  const romeo = await stage.enter("romeo");
  await romeo.next();
  await romeo.next();
  romeo.send(`<presence type='probe' to='${balcony.jid}' id='p1'/>`);
  await romeo.receives(`<presence from='${balcony.jid}' to='${romeo.jid}'/>`);
  for (const resource of [garden.jid, `${JULIET}/crypt`]) {
    romeo.send(`<presence type='probe' to='${resource}' id='p1'/>`);
    await romeo.receives(`<presence from='${resource}' to='${romeo.jid}' type='unavailable' id='p1'/>`);
  }
  await stage.receiveNothing(romeo, garden);
  chamber.send("<presence type='unavailable'/>");
  await sees(romeo, chamber.jid, "unavailable");
});

test("strangers are told what those are told who ask for nobody: that they are not subscribed", async (t) => {
  const stage = await playServer(t);
  const answers = abroad(stage);
  const juliet = await stage.enter("juliet", "balcony");
  await stage.account("nurse");
  for (const target of [JULIET, "nurse@verona.example", "nobody@verona.example"]) {
    for (const resource of ["", "/balcony"]) {
      const [from, to] = [Jid.parse("tybalt@mantua.example/street"), Jid.parse(target + resource)];
      stage.router.route(buildStanza("presence", { from, to, type: "probe", id: "p1" }));
      await stage.receiveNothing(juliet);
      const answer = `<presence to='tybalt@mantua.example' from='${target}' type='unsubscribed' id='p1'/>`;
      assert.deepEqual(answers.splice(0), [answer], target + resource);
    }
  }
});

test("who waits for an answer to a request is not answered by way of a probe", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.enter("juliet");
  const romeo = await stage.enter("romeo");
  romeo.send(`<presence type='subscribe' to='${JULIET}'/>`, `<presence type='probe' to='${JULIET}'/>`);
  await hears(juliet, "subscribe", ROMEO);
  await stage.receiveNothing(romeo, juliet);
});

test("who believes to be subscribed, and is not, learns it by the probe at login", async (t) => {
  const stage = await playServer(t);
  const state = { name: "", isAsking: false, isApproved: false, groups: [], version: 1 };
  await stage.account("juliet");
  await stage.account("romeo");
  await stage.storage.roster.put(
    { host: "verona.example", user: "romeo" },
    { ...state, jid: JULIET, subscription: "to" },
  );
  const romeo = await stage.login("romeo");
  await fetchesRoster(romeo);
  await romeo.becomesAvailable();
  await hears(romeo, "unsubscribed", JULIET);
  await isPushed(romeo, `<item jid='${JULIET}' subscription='none'/>`);
});

test("who was shown presence directly may probe that resource, and gets nothing else (§4.6.6)", async (t) => {
  const stage = await playServer(t);
  const balcony = await stage.login("juliet", "balcony");
  balcony.send("<presence><status>Secret</status></presence>");
  const chamber = await stage.enter("juliet", "chamber");
  const paris = await stage.enter("paris");
  balcony.send("<presence to='paris@verona.example'/>");
  await sees(paris, balcony.jid, "");
  paris.send(`<presence type='probe' to='${balcony.jid}'/>`);
  await paris.receives(`<presence from='${balcony.jid}' to='${paris.jid}'/>`);
  paris.send(`<presence type='probe' to='${chamber.jid}'/>`, `<presence type='probe' to='${JULIET}'/>`);
  await stage.receiveNothing(paris);
  balcony.send("<presence to='paris@verona.example' type='unavailable'/>");
  await sees(paris, balcony.jid, "unavailable");
  paris.send(`<presence type='probe' to='${balcony.jid}'/>`);
  await stage.receiveNothing(paris);
});

test("a client that probes is not punished: itself, or nobody in particular (§4.3)", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.enter("romeo");
  for (const to of ["", `to='${ROMEO}'`]) {
    romeo.send(`<presence type='probe' ${to}/>`);
    await sees(romeo, romeo.jid, "", romeo.jid);
  }
  await stage.receiveNothing(romeo);
});

test("contacts of other servers are asked from the bare JID, as §4.3.1 wants it", async (t) => {
  const stage = await playServer(t);
  const sent = abroad(stage);
  await stage.account("romeo");
  const state = { name: "", isAsking: false, isApproved: false, groups: [], version: 1, subscription: "both" } as const;
  await stage.storage.roster.put({ host: "verona.example", user: "romeo" }, { ...state, jid: "juliet@mantua.example" });
  await stage.enter("romeo");
  assert.deepEqual(sent.sort(), [
    "<presence to='juliet@mantua.example' from='romeo@verona.example' type='probe'/>",
    "<presence to='juliet@mantua.example' from='romeo@verona.example/orchard'><priority>0</priority></presence>",
  ]);
});

/** What goes to other servers from now on. */
function abroad({ router }: Stage): string[] {
  const sent: string[] = [];
  router.remote = { receive: (stanza) => void sent.push(stanza.toXml()) };
  return sent;
}
