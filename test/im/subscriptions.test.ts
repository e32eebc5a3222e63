// Subscriptions from the first request to the end: RFC 6121 §3.
import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionOf } from "../support/client.js";
import { playServer } from "../support/play-server.js";
import { fetchesRoster, hears, isPushed, roster, says, sees, sets } from "./rosters.js";

const ROMEO = "romeo@verona.example";
const JULIET = "juliet@verona.example";

test("a request, an approval, and the same the other way round: both see each other (§3.1)", async (t) => {
  const stage = await playServer(t);
  const [romeo, juliet] = [await stage.enter("romeo"), await stage.enter("juliet", "balcony")];
  await fetchesRoster(romeo);
  await fetchesRoster(juliet);
  says(romeo, "subscribe", JULIET, "<status>I take thee at thy word.</status>");
  await isPushed(romeo, `<item jid='${JULIET}' subscription='none' ask='subscribe'/>`);
  await hears(juliet, "subscribe", ROMEO, "<status>I take thee at thy word.</status>");
  assert.deepEqual(await fetchesRoster(juliet), [], "nothing is added to her roster (§3.1.3)");

  says(juliet, "subscribed", ROMEO);
  await isPushed(juliet, `<item jid='${ROMEO}' subscription='from'/>`);
  await hears(romeo, "subscribed", JULIET); // before the push (§3.1.6)
  await sees(romeo, juliet.jid, "");
  await isPushed(romeo, `<item jid='${JULIET}' subscription='to'/>`);

  says(juliet, "subscribe", ROMEO);
  await isPushed(juliet, `<item jid='${ROMEO}' subscription='from' ask='subscribe'/>`);
  await hears(romeo, "subscribe", JULIET);
  says(romeo, "subscribed", JULIET);
  await isPushed(romeo, `<item jid='${JULIET}' subscription='both'/>`);
  await hears(juliet, "subscribed", ROMEO);
  await sees(juliet, romeo.jid, "");
  await isPushed(juliet, `<item jid='${ROMEO}' subscription='both'/>`);
  await stage.receiveNothing(romeo, juliet);
});

test("a denial goes to the user's interested resources, and leaves nothing pending (§3.1.4)", async (t) => {
  const stage = await playServer(t);
  const [romeo, juliet] = [await stage.login("romeo"), await stage.enter("juliet")];
  const phone = await stage.enter("romeo", "phone");
  says(romeo, "subscribe", JULIET);
  await hears(juliet, "subscribe", ROMEO);
  await fetchesRoster(romeo);
  says(juliet, "unsubscribed", ROMEO);
  await hears(romeo, "unsubscribed", JULIET);
  await isPushed(romeo, `<item jid='${JULIET}' subscription='none'/>`);
  assert.deepEqual(await fetchesRoster(juliet), []);
  await stage.receiveNothing(romeo, juliet, phone);
});

test("a full roster is no reason not to deny a request, but one not to approve it", async (t) => {
  const stage = await playServer(t, { config: "[accounts]\nroster_items = 1" });
  const [romeo, juliet] = [await stage.login("romeo"), await stage.enter("juliet")];
  await sets(juliet, "<item jid='nurse@verona.example'/>");
  says(romeo, "subscribe", JULIET);
  await hears(juliet, "subscribe", ROMEO);
  await fetchesRoster(romeo);
  says(juliet, "subscribed", ROMEO);
  assert.equal(conditionOf(await juliet.next()), "not-acceptable");
  says(juliet, "unsubscribed", ROMEO);
  await hears(romeo, "unsubscribed", JULIET);
});

test("who cancels a subscription goes out of sight first, then says so, then is pushed it (§3.2.2, §3.2.3)", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const [balcony, chamber] = [await stage.enter("juliet", "balcony"), await stage.login("juliet", "chamber")];
  await balcony.next(); // Romeo is not there
  await fetchesRoster(chamber);
  const romeo = await stage.enter("romeo");
  await fetchesRoster(romeo);
  await sees(romeo, balcony.jid, "", romeo.jid);
  await sees(balcony, romeo.jid, "");

  says(balcony, "unsubscribed", ROMEO);
  await sees(romeo, balcony.jid, "unavailable", ROMEO);
  await hears(romeo, "unsubscribed", JULIET);
  await isPushed(romeo, `<item jid='${JULIET}' subscription='from'/>`);
  await isPushed(chamber, `<item jid='${ROMEO}' subscription='to'/>`);
  balcony.send("<presence><show>away</show></presence>");
  await balcony.next();
  await stage.receiveNothing(romeo, balcony, chamber);
});

test("who unsubscribes is heard, then pushed, and sees the contact go (§3.3.2, §3.3.3)", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const juliet = await stage.enter("juliet", "balcony");
  await juliet.next();
  await fetchesRoster(juliet);
  const romeo = await stage.enter("romeo");
  await fetchesRoster(romeo);
  await sees(romeo, juliet.jid, "", romeo.jid);
  await sees(juliet, romeo.jid, "");

  says(romeo, "unsubscribe", JULIET, "<status>A plague!</status>");
  await sees(romeo, juliet.jid, "unavailable");
  await isPushed(romeo, `<item jid='${JULIET}' subscription='from'/>`);
  await hears(juliet, "unsubscribe", ROMEO, "<status>A plague!</status>");
  await isPushed(juliet, `<item jid='${ROMEO}' subscription='to'/>`);
  await stage.receiveNothing(romeo, juliet);
});

test("who unsubscribes and at once asks again, is asked about again", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const romeo = await stage.login("romeo");
  says(romeo, "unsubscribe", JULIET);
  says(romeo, "subscribe", JULIET);
  const juliet = await stage.enter("juliet");
  await juliet.receives(`<presence from='${ROMEO}' to='${juliet.jid}' type='unavailable'/>`);
  await hears(juliet, "subscribe", ROMEO);
  says(juliet, "subscribed", ROMEO);
  await stage.settle();
  assert.deepEqual(await fetchesRoster(romeo), [`${JULIET} both`]);
  assert.deepEqual(await fetchesRoster(juliet), [`${ROMEO} both`]);
});

test("to take a contact out of the roster ends both directions (§2.5.2)", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const juliet = await stage.enter("juliet", "balcony");
  await juliet.next();
  await fetchesRoster(juliet);
  const romeo = await stage.enter("romeo");
  await sees(romeo, juliet.jid, "", romeo.jid);
  await sees(juliet, romeo.jid, "");
  await fetchesRoster(romeo);
  await sets(romeo, `<item jid='${JULIET}' subscription='remove'/>`);
  await sees(juliet, romeo.jid, "unavailable");
  await hears(juliet, "unsubscribe", ROMEO);
  await hears(juliet, "unsubscribed", ROMEO);
  await isPushed(juliet, `<item jid='${ROMEO}' subscription='to'/>`);
  await isPushed(juliet, `<item jid='${ROMEO}' subscription='none'/>`);
  await sees(romeo, juliet.jid, "unavailable");
  await isPushed(romeo, `<item jid='${JULIET}' subscription='remove'/>`);
  assert.deepEqual(await fetchesRoster(romeo), []);
  await stage.receiveNothing(romeo, juliet);
});

test("to take out a contact who has asked denies the request, and one who was asked takes it back", async (t) => {
  const stage = await playServer(t);
  const [romeo, juliet] = [await stage.login("romeo"), await stage.enter("juliet")];
  await fetchesRoster(romeo);
  says(romeo, "subscribe", JULIET);
  await hears(juliet, "subscribe", ROMEO);
  await isPushed(romeo, `<item jid='${JULIET}' subscription='none' ask='subscribe'/>`);
  await sets(juliet, `<item jid='${ROMEO}'/>`);
  await sets(juliet, `<item jid='${ROMEO}' subscription='remove'/>`);
  await hears(romeo, "unsubscribed", JULIET);
  await isPushed(romeo, `<item jid='${JULIET}' subscription='none'/>`);

  says(romeo, "subscribe", JULIET);
  await hears(juliet, "subscribe", ROMEO);
  await sets(romeo, `<item jid='${JULIET}' subscription='remove'/>`);
  const next = await stage.enter("juliet", "chamber");
  await sees(juliet, next.jid, "");
  await sees(next, juliet.jid, "");
  await stage.receiveNothing(next, juliet); // she is not asked any more
});

test("subscription stanzas carry bare JIDs, whatever address the client wrote (§3.1.2)", async (t) => {
  const stage = await playServer(t);
  const [romeo, juliet] = [await stage.login("romeo"), await stage.enter("juliet", "balcony")];
  says(romeo, "subscribe", juliet.jid);
  await hears(juliet, "subscribe", ROMEO);
  says(juliet, "subscribed", romeo.jid);
  await stage.settle();
  assert.deepEqual(await fetchesRoster(romeo), [`${JULIET} to`]);
});

test("nobody subscribes to themselves", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.enter("romeo");
  for (const type of ["subscribe", "subscribed"]) {
    says(romeo, type, ROMEO);
    assert.equal(conditionOf(await romeo.next()), "not-allowed");
  }
  assert.deepEqual(await fetchesRoster(romeo), []);
});

test("a request to nobody stays without an answer, as one to somebody who is away (§8.5.1)", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  says(romeo, "subscribe", "nobody@verona.example");
  await stage.receiveNothing(romeo);
  assert.deepEqual(await fetchesRoster(romeo), ["nobody@verona.example none asking"]);
});

test("a request to a domain that can't be reached comes back (§3.1.2)", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.enter("romeo");
  romeo.send("<presence type='subscribe' to='juliet@mantua.example' id='s1'/>");
  const error = await romeo.next();
  assert.deepEqual([error.attrs["id"], error.attrs["from"], conditionOf(error)], [
    "s1",
    "juliet@mantua.example",
    "remote-server-not-found",
  ]); // prettier-ignore
});

test("what nobody asked for changes nothing and reaches nobody (A.3.2 to A.3.4)", async (t) => {
  const stage = await playServer(t);
  const [romeo, juliet] = [await stage.enter("romeo"), await stage.enter("juliet")];
  await fetchesRoster(juliet);
  says(romeo, "unsubscribe", JULIET);
  says(romeo, "unsubscribed", JULIET);
  says(romeo, "subscribed", JULIET); // an approval beforehand, which is nobody else's business
  await stage.receiveNothing(romeo, juliet);
  assert.deepEqual(await fetchesRoster(romeo), [`${JULIET} none approved`]);
});

test("from one host of the server to another it is the same", async (t) => {
  const stage = await playServer(t, { hosts: ["verona.example", "mantua.example"] });
  const romeo = await stage.enter("romeo", "road", "mantua.example");
  const juliet = await stage.enter("juliet");
  says(romeo, "subscribe", JULIET);
  await hears(juliet, "subscribe", "romeo@mantua.example");
  says(juliet, "subscribed", "romeo@mantua.example");
  await sees(romeo, juliet.jid, "");
  assert.deepEqual(await fetchesRoster(juliet), ["romeo@mantua.example from"]);
});

test("a subscriber who asks again is told yes at once, and what there is to see (§3.1.3)", async (t) => {
  const stage = await playServer(t);
  const state = { name: "", isAsking: false, isApproved: false, groups: [], version: 1 };
  await stage.account("juliet");
  // Romeo's server has forgotten that he is subscribed
  await stage.storage.roster.put(
    { host: "verona.example", user: "juliet" },
    { ...state, jid: ROMEO, subscription: "from" },
  );
  const [juliet, romeo] = [await stage.enter("juliet"), await stage.enter("romeo")];
  await fetchesRoster(romeo);
  says(romeo, "subscribe", JULIET);
  await hears(romeo, "subscribed", JULIET);
  await sees(romeo, juliet.jid, "");
  await isPushed(romeo, `<item jid='${JULIET}' subscription='none' ask='subscribe'/>`);
  await isPushed(romeo, `<item jid='${JULIET}' subscription='to'/>`);
  await stage.receiveNothing(romeo, juliet);
});

test("an anonymous user lists nobody and asks nobody, for nothing can be kept", async (t) => {
  const stage = await playServer(t, { config: "[login]\nanonymous = true\n" });
  const juliet = await stage.enter("juliet");
  const stranger = stage.connect();
  await stranger.opensStream();
  stranger.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
  await stranger.receives("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
  await stranger.reopensStream();
  await stranger.binds("mask");
  await stranger.becomesAvailable();
  assert.deepEqual(await fetchesRoster(stranger), []);
  await stranger.isRefused("not-allowed", "set", roster(`<item jid='${JULIET}'/>`));
  says(stranger, "subscribe", JULIET);
  assert.equal(conditionOf(await stranger.next()), "not-allowed");
  says(juliet, "subscribe", stranger.bareJid);
  await stage.receiveNothing(stranger, juliet);
  assert.deepEqual(await fetchesRoster(stranger), []);
});
