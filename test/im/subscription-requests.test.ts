// Requests that wait for their answer, and approvals that were given before: RFC 6121 §3.1.3, §3.4.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid } from "../../src/jid/jid.js";
import { buildStanza } from "../../src/stanza/build.js";
import type { Stanza } from "../../src/stanza/stanza.js";
import { playServer } from "../support/play-server.js";
import { fetchesRoster, hears, isPushed, says, sees, sets } from "./rosters.js";

const ROMEO = "romeo@verona.example";
const JULIET = "juliet@verona.example";

test("a request to somebody who is away is kept whole, and shown at each login until it is answered", async (t) => {
  const stage = await playServer(t);
  await stage.account("juliet");
  const romeo = await stage.login("romeo");
  const content = "<status>By a name</status><nick xmlns='http://jabber.org/protocol/nick'>Romeo ♥</nick>";
  const asked = `type='subscribe' id='s1' xml:lang='it' xmlns:v='urn:verona' v:mood='sad'`;
  romeo.send(`<presence to='${JULIET}' ${asked}>${content}</presence>`);
  await stage.settle();
  stage.router.hosts.get("verona.example")?.accounts.invalidate(Jid.parse(JULIET)); // from storage, not from memory
  const request = `<presence from='${ROMEO}' to='${JULIET}' ${asked}>${content}</presence>`;

  const balcony = await stage.enter("juliet", "balcony");
  await balcony.receives(request);
  const chamber = await stage.login("juliet", "chamber");
  await chamber.becomesAvailable(-1);
  await sees(chamber, balcony.jid, "");
  await chamber.receives(request);
  await sees(balcony, chamber.jid, "");
  await balcony.leaves();
  await sees(chamber, balcony.jid, "unavailable");
  await chamber.leaves();

  const again = await stage.enter("juliet", "balcony");
  await again.receives(request);
  says(again, "subscribed", ROMEO);
  await stage.settle();
  await again.leaves();
  await stage.receiveNothing(await stage.enter("juliet", "balcony"));
});

test("a denied request is not shown again, not even after storage has been read anew", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const juliet = await stage.enter("juliet");
  says(romeo, "subscribe", JULIET);
  await hears(juliet, "subscribe", ROMEO);
  says(juliet, "unsubscribed", ROMEO);
  await stage.settle();
  await juliet.leaves();
  stage.router.hosts.get("verona.example")?.accounts.invalidate(Jid.parse(JULIET));
  await stage.receiveNothing(await stage.enter("juliet"));
});

test("a request waits for available resources: being connected is not enough (§2.2)", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const juliet = await stage.login("juliet");
  await fetchesRoster(juliet);
  says(romeo, "subscribe", JULIET);
  await stage.receiveNothing(juliet);
  await juliet.becomesAvailable();
  await hears(juliet, "subscribe", ROMEO);
});

test("however often somebody asks, the question is put once, as it came first", async (t) => {
  const stage = await playServer(t);
  await stage.account("juliet");
  const romeo = await stage.login("romeo");
  for (const words of ["first", "second"]) says(romeo, "subscribe", JULIET, `<status>${words}</status>`);
  const juliet = await stage.enter("juliet");
  await hears(juliet, "subscribe", ROMEO, "<status>first</status>");
  says(romeo, "subscribe", JULIET, "<status>third</status>");
  await stage.receiveNothing(juliet);
});

test("several who ask are shown in the order in which they came", async (t) => {
  const stage = await playServer(t);
  await stage.account("juliet");
  for (const user of ["romeo", "paris", "benvolio"]) says(await stage.login(user), "subscribe", JULIET);
  await stage.settle();
  const juliet = await stage.enter("juliet");
  for (const user of ["romeo", "paris", "benvolio"]) await hears(juliet, "subscribe", `${user}@verona.example`);
});

test("whoever takes the request back is not shown any more (§3.3.3)", async (t) => {
  const stage = await playServer(t);
  await stage.account("juliet");
  const romeo = await stage.login("romeo");
  says(romeo, "subscribe", JULIET);
  says(romeo, "unsubscribe", JULIET);
  await stage.receiveNothing(await stage.enter("juliet"));
});

test("a very long request is kept without its words", async (t) => {
  const stage = await playServer(t);
  await stage.account("juliet");
  const romeo = await stage.login("romeo");
  says(romeo, "subscribe", JULIET, `<status>${"O ".repeat(6000)}</status>`);
  await hears(await stage.enter("juliet"), "subscribe", ROMEO);
});

test("whoever has had no answer asks again at the next login (§3.1.2)", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  says(romeo, "subscribe", JULIET); // who does not exist yet
  await stage.settle();
  await romeo.leaves();
  const juliet = await stage.enter("juliet");
  await stage.receiveNothing(juliet);
  await stage.enter("romeo");
  await hears(juliet, "subscribe", ROMEO);
});

test("an approval beforehand is pushed, not routed, and answers the request when it comes (§3.4.2)", async (t) => {
  const stage = await playServer(t);
  const [romeo, juliet] = [await stage.enter("romeo"), await stage.enter("juliet", "balcony")];
  await fetchesRoster(juliet);
  await fetchesRoster(romeo);
  says(juliet, "subscribed", ROMEO);
  await isPushed(juliet, `<item jid='${ROMEO}' subscription='none' approved='true'/>`, 1);
  says(romeo, "subscribe", JULIET);
  await hears(romeo, "subscribed", JULIET);
  await sees(romeo, juliet.jid, "");
  await isPushed(romeo, `<item jid='${JULIET}' subscription='none' ask='subscribe'/>`);
  await isPushed(romeo, `<item jid='${JULIET}' subscription='to'/>`);
  await isPushed(juliet, `<item jid='${ROMEO}' subscription='from' approved='true'/>`, 2);
  await stage.receiveNothing(romeo, juliet);
});

test("so it does while the user is away, and the name given before stays", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  await sets(juliet, `<item jid='${ROMEO}' name='My Romeo'><group>Lovers</group></item>`);
  says(juliet, "subscribed", ROMEO);
  await juliet.leaves();
  stage.router.hosts.get("verona.example")?.accounts.invalidate(Jid.parse(JULIET));
  const romeo = await stage.login("romeo");
  await fetchesRoster(romeo);
  says(romeo, "subscribe", JULIET);
  await isPushed(romeo, `<item jid='${JULIET}' subscription='none' ask='subscribe'/>`);
  await hears(romeo, "subscribed", JULIET);
  const again = await stage.login("juliet");
  assert.deepEqual(await fetchesRoster(again), [`${ROMEO} from My Romeo approved #Lovers`]);
});

test("an approval beforehand is taken back by <unsubscribed/>, which is not routed (§3.2.2)", async (t) => {
  const stage = await playServer(t);
  const [romeo, juliet] = [await stage.enter("romeo"), await stage.enter("juliet")];
  await fetchesRoster(juliet);
  says(juliet, "subscribed", ROMEO);
  await isPushed(juliet, `<item jid='${ROMEO}' subscription='none' approved='true'/>`);
  says(juliet, "unsubscribed", ROMEO);
  await isPushed(juliet, `<item jid='${ROMEO}' subscription='none'/>`);
  await stage.receiveNothing(romeo);
  says(romeo, "subscribe", JULIET);
  await hears(juliet, "subscribe", ROMEO);
});

test("the feature is announced after login (§3.4)", async (t) => {
  const stage = await playServer(t);
  await stage.account("juliet");
  const juliet = stage.connect();
  await juliet.opensStream();
  assert.ok((await juliet.authenticates("juliet", "juliet")).getChild("sub", "urn:xmpp:features:pre-approval"));
});

test("a thousand strangers may ask; the next one is not listened to until one has been answered", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.enter("juliet");
  const ask = (number: number): void => stage.router.route(requestFrom(number));
  for (let number = 0; number < 1001; number += 1) ask(number);
  for (let number = 0; number < 1000; number += 1) await hears(juliet, "subscribe", `suitor${number}@mantua.example`);
  await stage.receiveNothing(juliet);
  says(juliet, "unsubscribed", "suitor7@mantua.example");
  await juliet.next(); // her answer comes back, for there is no way to Mantua
  ask(1000);
  assert.equal((await juliet.next()).attrs["from"], "suitor1000@mantua.example");
});

function requestFrom(number: number): Stanza {
  const from = Jid.parse(`suitor${number}@mantua.example`);
  return buildStanza("presence", { from, to: Jid.parse(JULIET), type: "subscribe" });
}
