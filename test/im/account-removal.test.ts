// What the removal of an account does to its contacts, its sessions, and whoever writes to it (XEP-0077 §3.2).
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid } from "../../src/jid/jid.js";
import { conditionOf } from "../support/client.js";
import { playServer, type Stage } from "../support/play-server.js";
import { fetchesRoster, hears, isPushed, roster, says, sees } from "./rosters.js";

const ROMEO = "romeo@verona.example";
const JULIET = "juliet@verona.example";
const key = { host: "verona.example", user: "romeo" };

function remove(stage: Stage): Promise<void> {
  return stage.authentication.accounts.delete(key);
}

test("contacts see the user go, and both directions end; so does what was shown directly, and every session", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const juliet = await stage.enter("juliet");
  await juliet.next();
  await fetchesRoster(juliet);
  const [romeo, phone] = [await stage.enter("romeo"), await stage.login("romeo", "phone")];
  await sees(romeo, juliet.jid, "", romeo.jid);
  await sees(juliet, romeo.jid, "");
  const paris = await stage.enter("paris");
  romeo.send(`<presence to='${paris.jid}'/>`);
  await sees(paris, romeo.jid, "", paris.jid);

  await remove(stage);
  await sees(juliet, romeo.jid, "unavailable");
  await hears(juliet, "unsubscribe", ROMEO);
  await hears(juliet, "unsubscribed", ROMEO);
  await isPushed(juliet, `<item jid='${ROMEO}' subscription='to'/>`);
  await isPushed(juliet, `<item jid='${ROMEO}' subscription='none'/>`);
  await sees(paris, romeo.jid, "unavailable", paris.jid);
  for (const client of [romeo, phone]) {
    while (client.unexpected[0]?.name === "presence") await client.next();
    await client.ends("not-authorized");
  }
  await stage.receiveNothing(juliet, paris);
});

test("neither the user nor the contact need be there, or in memory", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  await remove(stage);
  await stage.settle();
  const stored = await stage.storage.accounts.load({ host: "verona.example", user: "juliet" }, []);
  assert.deepEqual(stored?.roster.map(({ jid, subscription }) => [jid, subscription]), [[ROMEO, "none"]]); // prettier-ignore
  const juliet = await stage.login("juliet");
  assert.deepEqual(await fetchesRoster(juliet), [`${ROMEO} none`]);
  await juliet.becomesAvailable();
  await stage.receiveNothing(juliet);
});

test("requests end as well: whoever waits for an answer gets one, whoever was asked is asked no more", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const paris = await stage.enter("paris");
  await fetchesRoster(paris);
  await stage.account("juliet");
  says(paris, "subscribe", ROMEO);
  says(romeo, "subscribe", JULIET);
  await isPushed(paris, `<item jid='${ROMEO}' subscription='none' ask='subscribe'/>`);
  await stage.settle();
  await remove(stage);
  await hears(paris, "unsubscribed", ROMEO);
  await isPushed(paris, `<item jid='${ROMEO}' subscription='none'/>`);
  await stage.receiveNothing(await stage.enter("juliet"));
});

test("contacts on other servers are told, too", async (t) => {
  const stage = await playServer(t);
  const sent: string[] = [];
  stage.router.remote = { receive: ({ to, type }) => void sent.push(`${String(type)} ${String(to)}`) };
  await stage.account("romeo");
  const item = { name: "", isAsking: false, isApproved: false, groups: [], version: 1, jid: "rosaline@capua.example" };
  await stage.storage.roster.put(key, { ...item, subscription: "both" });
  await remove(stage);
  assert.deepEqual(sent, ["unsubscribe rosaline@capua.example", "unsubscribed rosaline@capua.example"]);
});

test("afterwards there is nobody; a new account of the name has nothing of the old one's", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const juliet = await stage.enter("juliet");
  juliet.send(`<message to='${ROMEO}' id='m1'><body>O</body></message>`);
  await stage.settle();
  await remove(stage);
  await stage.settle();
  while (juliet.unexpected.length > 0) await juliet.next();
  juliet.send(`<message to='${ROMEO}' id='m2'><body>O</body></message>`);
  assert.equal(conditionOf(await juliet.next()), "service-unavailable");
  const newcomer = await stage.enter("romeo");
  assert.deepEqual(await fetchesRoster(newcomer), []);
  juliet.send("<presence><show>away</show></presence>");
  await juliet.next();
  await stage.receiveNothing(newcomer, juliet);
});

test("while the removal is under way nothing more is kept, and everything is answered", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const romeo = await stage.login("romeo");
  const juliet = await stage.enter("juliet");
  await juliet.next();
  const { accounts } = stage.storage;
  const removeFromStorage = accounts.remove.bind(accounts);
  accounts.remove = async (account) => {
    const item = "<item jid='nurse@verona.example'/>";
    await romeo.isRefused("not-allowed", "set", roster(item));
    says(romeo, "unsubscribe", JULIET);
    assert.equal(conditionOf(await romeo.next()), "not-allowed");
    juliet.send(`<message to='${ROMEO}' id='m1'><body>O</body></message>`);
    assert.equal(conditionOf(await juliet.next()), "service-unavailable");
    says(juliet, "unsubscribe", ROMEO);
    await stage.settle();
    return removeFromStorage(account);
  };
  await remove(stage);
  await romeo.ends("not-authorized");
});

test("a removal that fails leaves everything as it was", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const juliet = await stage.enter("juliet");
  await juliet.next();
  const { accounts } = stage.storage;
  const removeFromStorage = accounts.remove.bind(accounts);
  accounts.remove = () => Promise.reject(new Error("The disk is on fire."));
  await assert.rejects(remove(stage), /fire/);
  await stage.receiveNothing(juliet);
  const romeo = await stage.enter("romeo");
  await sees(romeo, juliet.jid, "", romeo.jid);
  await romeo.gets("set", roster("<item jid='nurse@verona.example'/>"));
  accounts.remove = removeFromStorage;
  await remove(stage);
  await sees(romeo, juliet.jid, "unavailable");
  await romeo.ends("not-authorized");
});

test("an account that can't be read can be removed", async (t) => {
  const stage = await playServer(t);
  await stage.account("romeo");
  const { accounts } = stage.storage;
  accounts.load = () => Promise.reject(new Error("unreadable"));
  await remove(stage);
  assert.equal(await accounts.get(key), undefined);
  assert.equal(stage.errors.splice(0).length, 1);
});

test("nobody can't be removed", async (t) => {
  const stage = await playServer(t);
  await assert.rejects(remove(stage), { problem: "not-found" });
  const accounts = stage.router.hosts.get("verona.example")?.accounts;
  assert.equal(accounts?.peek(Jid.parse(ROMEO)), undefined);
});

test("two removals at the same time: one of them finds nobody", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const juliet = await stage.enter("juliet");
  await juliet.next();
  await fetchesRoster(juliet);
  const outcomes = await Promise.allSettled([remove(stage), remove(stage)]);
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  for (const type of ["unsubscribe", "unsubscribed"]) await hears(juliet, type, ROMEO);
  for (const subscription of ["to", "none"])
    await isPushed(juliet, `<item jid='${ROMEO}' subscription='${subscription}'/>`);
  await stage.receiveNothing(juliet);
});

test("roster sets around the removal are answered, once each", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  romeo.send(`<iq type='set' id='s1'>${roster("<item jid='nurse@verona.example'/>")}</iq>`);
  romeo.send("<iq type='set' id='r1'><query xmlns='jabber:iq:register'><remove/></query></iq>");
  romeo.send(`<iq type='set' id='s2'>${roster("<item jid='paris@verona.example'/>")}</iq>`);
  const answers: string[] = [];
  while (answers.length < 3) {
    const { attrs } = await romeo.next();
    answers.push(`${String(attrs["id"])} ${String(attrs["type"])}`);
  }
  assert.deepEqual(answers.sort(), ["r1 result", "s1 result", "s2 error"]);
  await romeo.ends("not-authorized");
});
