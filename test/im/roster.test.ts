// The roster protocol: RFC 6121 §2.1 to §2.5.
import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionOf } from "../support/client.js";
import { playServer } from "../support/play-server.js";
import { fetchesRoster, isPushed, roster, sets } from "./rosters.js";

const nurse = "<item jid='nurse@verona.example' name='Nurse'><group>Servants</group></item>";
const nursePushed = "<item jid='nurse@verona.example' subscription='none' name='Nurse'><group>Servants</group></item>";

test("an empty roster is an empty query, not an error (§2.1.4)", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  await juliet.gets("get", roster(), undefined, roster("", "ver='0'"));
});

test("an item that is added comes back, and is pushed to all interested resources alone (§2.3.2, §2.2)", async (t) => {
  const stage = await playServer(t);
  const balcony = await stage.login("juliet", "balcony");
  const chamber = await stage.enter("juliet", "chamber");
  const garden = await stage.login("juliet", "garden");
  await fetchesRoster(balcony);
  await fetchesRoster(chamber);
  await sets(balcony, nurse);
  await isPushed(balcony, nursePushed, 1);
  await isPushed(chamber, nursePushed, 1);
  await stage.receiveNothing(balcony, chamber, garden);
  assert.deepEqual(await fetchesRoster(garden), ["nurse@verona.example none Nurse #Servants"]);
});

test("whoever sets an item without having asked for the roster gets no push", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  await sets(juliet, nurse);
  await stage.receiveNothing(juliet);
});

test("an item is changed as a whole: name and groups are what the latest set said (§2.4.1)", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  const steps = [
    ["<item jid='romeo@mantua.example' name='Romeo'><group>Friends</group><group>Lovers</group></item>", " Romeo #Friends #Lovers"],
    ["<item jid='romeo@mantua.example' name='Romeo'><group>Lovers</group></item>", " Romeo #Lovers"],
    ["<item jid='romeo@mantua.example'/>", ""],
    ["<item jid='romeo@mantua.example' name='MyRomeo'/>", " MyRomeo"],
    ["<item jid='romeo@mantua.example' name=''/>", ""],
  ] as const; // prettier-ignore
  for (const [item, expected] of steps) {
    await sets(juliet, item);
    assert.deepEqual(await fetchesRoster(juliet), [`romeo@mantua.example none${expected}`]);
    while (juliet.unexpected.length > 0) await juliet.next();
  }
});

test('of `subscription`, `ask` and `approved` only "remove" is the client\'s to say (§2.1.5, §2.1.2.1, §2.1.2.2)', async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const juliet = await stage.login("juliet");
  await sets(juliet, "<item jid='nurse@verona.example' subscription='both' ask='subscribe' approved='true'/>");
  await sets(juliet, "<item jid='romeo@verona.example' subscription='none' name='Montague'/>");
  assert.deepEqual(await fetchesRoster(juliet), ["romeo@verona.example both Montague", "nurse@verona.example none"]);
});

test("names and groups are kept to the letter", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  const item =
    "<item jid='nurse@verona.example' name='&lt;Amme&gt; &amp; “N” 🌹'><group> Diener &amp; Co. </group></item>";
  await sets(juliet, item);
  const answer = await juliet.asks("get", roster());
  const kept = answer.getChild("query")?.getChild("item");
  assert.equal(kept?.attrs["name"], "<Amme> & “N” 🌹");
  assert.equal(kept?.getChildText("group"), " Diener & Co. ");
});

test("a contact is listed by the prepared bare JID, however it is written (§2.1.2.3)", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  await sets(juliet, "<item jid='Nurse@VERONA.example/kitchen' name='one'/>");
  await sets(juliet, "<item jid='nurse@verona.example' name='two'/>");
  assert.deepEqual(await fetchesRoster(juliet), ["nurse@verona.example none two"]);
});

test("an item is removed, and that is pushed (§2.5.2)", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  await sets(juliet, nurse);
  await fetchesRoster(juliet);
  await sets(juliet, "<item jid='nurse@verona.example' subscription='remove'/>");
  await isPushed(juliet, "<item jid='nurse@verona.example' subscription='remove'/>", 2);
  assert.deepEqual(await fetchesRoster(juliet), []);
});

test("what is not there can't be removed (§2.5.3)", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  await juliet.isRefused("item-not-found", "set", roster("<item jid='nurse@verona.example' subscription='remove'/>"));
});

test("the roster lasts: it is the same after a new login, read from storage", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  await sets(juliet, nurse);
  await sets(juliet, "<item jid='romeo@verona.example'/>");
  await sets(juliet, "<item jid='romeo@verona.example' subscription='remove'/>");
  await juliet.leaves();
  const { roster: stored, rosterVersion } = (await stage.storage.accounts.load(
    { host: "verona.example", user: "juliet" },
    [],
  )) ?? { roster: [], rosterVersion: 0 };
  assert.equal(rosterVersion, 3);
  assert.deepEqual(stored.map(({ jid }) => jid), ["nurse@verona.example"]); // prettier-ignore
  assert.deepEqual(await fetchesRoster(await stage.login("juliet")), ["nurse@verona.example none Nurse #Servants"]);
});

const letters = (count: number): string => "x".repeat(count);
const groups = (count: number): string => Array.from({ length: count }, (_, i) => `<group>${i}</group>`).join("");
const refusals: readonly (readonly [why: string, condition: string, content: string])[] = [
  ["no item", "bad-request", ""],
  ["two items", "bad-request", "<item jid='nurse@verona.example'/><item jid='romeo@verona.example'/>"],
  ["an item of another namespace", "bad-request", "<item xmlns='urn:example' jid='nurse@verona.example'/>"],
  ["something else than an item", "bad-request", "<contact jid='nurse@verona.example'/>"],
  ["no jid", "bad-request", "<item name='Nurse'/>"],
  ["an empty jid", "jid-malformed", "<item jid=''/>"],
  ["a jid without a domain", "jid-malformed", "<item jid='nurse@'/>"],
  ["a jid with a space", "jid-malformed", "<item jid='the nurse@verona.example'/>"],
  ["removal without a jid", "bad-request", "<item subscription='remove'/>"],
  ["removal of two", "bad-request", "<item jid='a@b.example' subscription='remove'/><item jid='c@b.example' subscription='remove'/>"],
  ["a group twice", "bad-request", "<item jid='nurse@verona.example'><group>A</group><group>B</group><group>A</group></item>"],
  ["an empty group", "not-acceptable", "<item jid='nurse@verona.example'><group/></item>"],
  ["a long name", "not-acceptable", `<item jid='nurse@verona.example' name='${letters(1024)}'/>`],
  ["a long group", "not-acceptable", `<item jid='nurse@verona.example'><group>${letters(1024)}</group></item>`],
  ["too many groups", "not-acceptable", `<item jid='nurse@verona.example'>${groups(201)}</item>`],
  ["long groups together", "not-acceptable", `<item jid='nurse@verona.example'>${["a", "b", "c", "d", "e"].map((end) => `<group>${letters(1000)}${end}</group>`).join("")}</item>`],
  ["the own address", "not-allowed", "<item jid='juliet@verona.example'/>"],
]; // prettier-ignore

test("what §2.3.3 forbids is refused, and changes nothing", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  await sets(juliet, nurse);
  await fetchesRoster(juliet);
  for (const [why, condition, content] of refusals) {
    assert.equal(conditionOf(await juliet.asks("set", roster(content))), condition, why);
  }
  assert.deepEqual(await fetchesRoster(juliet), ["nurse@verona.example none Nurse #Servants"]);
  await stage.receiveNothing(juliet);
});

test("the longest name and group that are allowed are taken", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  await sets(juliet, `<item jid='nurse@verona.example' name='${letters(1023)}'><group>${letters(1023)}</group></item>`);
  await sets(juliet, `<item jid='nurse@verona.example'>${groups(200)}</item>`);
});

test("a roster get has no children (§2.1.3)", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  await juliet.isRefused("bad-request", "get", roster("<item jid='nurse@verona.example'/>"));
});

test("a full roster takes no new item, but lets its items be changed and removed", async (t) => {
  const stage = await playServer(t, { config: "[accounts]\nroster_items = 1" });
  const juliet = await stage.login("juliet");
  await sets(juliet, nurse);
  await juliet.isRefused("not-acceptable", "set", roster("<item jid='romeo@verona.example'/>"));
  juliet.send("<presence to='romeo@verona.example' type='subscribe' id='s1'/>");
  assert.equal(conditionOf(await juliet.next()), "not-acceptable");
  await sets(juliet, "<item jid='nurse@verona.example' name='Angelica'/>");
  await sets(juliet, "<item jid='nurse@verona.example' subscription='remove'/>");
  await sets(juliet, "<item jid='romeo@verona.example'/>");
  assert.deepEqual(await fetchesRoster(juliet), ["romeo@verona.example none"]);
});

test("nobody gets or sets another's roster, be there one or not (§2.1.5, §2.3.3)", async (t) => {
  const stage = await playServer(t, { hosts: ["verona.example", "mantua.example"] });
  await stage.befriend("romeo", "juliet");
  const romeo = await stage.login("romeo");
  const abroad = await stage.login("balthasar", "road", "mantua.example");
  for (const client of [romeo, abroad]) {
    for (const owner of ["juliet@verona.example", "nobody@verona.example"]) {
      await client.isRefused("forbidden", "get", roster(), owner);
      await client.isRefused("forbidden", "set", roster(nurse), owner);
    }
  }
  assert.deepEqual(await fetchesRoster(await stage.login("juliet")), ["romeo@verona.example both"]);
});

test("the own roster may be asked for at the own bare JID (§2.6.2)", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  const answer = await juliet.asks("get", roster(), "juliet@verona.example");
  assert.equal(answer.attrs["from"], "juliet@verona.example");
  await juliet.gets("set", roster(nurse), "juliet@verona.example");
  await isPushed(juliet, nursePushed);
});

test("the host has no roster", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  await juliet.isRefused("service-unavailable", "get", roster(), "verona.example");
});

test("answers to pushes, good or bad, are ignored (§2.1.6)", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  await fetchesRoster(juliet);
  await sets(juliet, nurse);
  const { id } = (await isPushed(juliet, nursePushed)).attrs as { id: string };
  juliet.send(`<iq type='result' id='${id}'/>`, `<iq type='error' id='${id}' to='${juliet.bareJid}'/>`);
  await stage.receiveNothing(juliet);
});
