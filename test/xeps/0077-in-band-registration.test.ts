// XEP-0077: In-Band Registration.
import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionOf } from "../support/client.js";
import { playServer } from "../support/play-server.js";

const query = (content = ""): string => `<query xmlns='jabber:iq:register'>${content}</query>`;
const named = (user: string, password: string): string =>
  query(`<username>${user}</username><password>${password}</password>`);
const open = "[extensions.registration]\nnew_accounts = true\n";

test("strangers may not register unless the operator allows it", async (t) => {
  const stage = await playServer(t);
  const stranger = stage.connect();
  assert.equal((await stranger.opensStream()).getChild("register"), undefined);
  await stranger.isRefused("service-unavailable", "get", query());
  await stranger.isRefused("service-unavailable", "set", named("bill", "Calliope"));
});

test("where it is allowed, a stranger makes an account and logs in (§3.1)", async (t) => {
  const stage = await playServer(t, { config: `${open}instructions = 'Speak, friend.'` });
  const bill = stage.connect();
  assert.ok((await bill.opensStream()).getChild("register", "http://jabber.org/features/iq-register"));
  const fields = query("<instructions>Speak, friend.</instructions><username/><password/>");
  await bill.gets("get", query(), undefined, fields);
  await bill.gets("set", named("Bill", "Calliope"), "verona.example");
  await bill.authenticates("bill", "Calliope");
  await bill.binds("globe");
  assert.equal(bill.jid, "bill@verona.example/globe");
});

test("taken names, bad names and missing fields are refused", async (t) => {
  const stage = await playServer(t, { config: open });
  await stage.account("juliet");
  const stranger = stage.connect();
  await stranger.opensStream();
  await stranger.isRefused("conflict", "set", named("juliet", "R0m30"));
  await stranger.isRefused("not-acceptable", "set", named("ju@liet", "R0m30"));
  await stranger.isRefused("not-acceptable", "set", query("<username>bill</username>"));
  await stranger.isRefused("not-acceptable", "set", query("<password>Calliope</password>"));
  await stranger.isRefused("unexpected-request", "set", query("<remove/>"));
});

test("one stream makes one account, one network a few an hour (§3.1.1)", async (t) => {
  const stage = await playServer(t, { config: `${open}rate = 2` });
  const register = async (user: string, remoteAddress: string): Promise<string | undefined> => {
    const stranger = stage.connect({ remoteAddress });
    await stranger.opensStream();
    return conditionOf(await stranger.asks("set", named(user, "secret")));
  };
  const first = stage.connect();
  await first.opensStream();
  await first.gets("set", named("sampson", "secret"));
  await first.isRefused("not-acceptable", "set", named("gregory", "secret"));
  assert.equal(await register("gregory", "192.0.2.7"), undefined);
  assert.equal(await register("abraham", "192.0.2.8"), "not-acceptable");
  assert.equal(await register("abraham", "198.51.100.1"), undefined);
  stage.clock.advance(30 * 60_000);
  assert.equal(await register("balthasar", "192.0.2.8"), undefined);
});

test("the operator may allow more on one connection", async (t) => {
  const stage = await playServer(t, { config: `${open}per_connection = 2` });
  const stranger = stage.connect();
  await stranger.opensStream();
  await stranger.gets("set", named("sampson", "secret"));
  await stranger.gets("set", named("gregory", "secret"));
  await stranger.isRefused("not-acceptable", "set", named("abraham", "secret"));
});

test("before login nothing else is answered", async (t) => {
  const stage = await playServer(t, { config: open });
  const stranger = stage.connect();
  await stranger.opensStream();
  stranger.send("<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>");
  await stranger.ends("not-authorized");
});

test("nobody registers in clear (§11)", async (t) => {
  const stage = await playServer(t, { config: open });
  const stranger = stage.connect({ isTrusted: false });
  const features = await stranger.opensStream();
  assert.deepEqual(features.getChildElements().map(({ name }) => name), ["starttls"]); // prettier-ignore
  stranger.send(`<iq type='get' id='1'>${query()}</iq>`);
  await stranger.ends("not-authorized");
});

test("a request before login without an id is malformed", async (t) => {
  const stage = await playServer(t, { config: open });
  const stranger = stage.connect();
  await stranger.opensStream();
  stranger.send(`<iq type='get'>${query()}</iq>`);
  assert.equal(conditionOf(await stranger.next()), "bad-request");
});

test("users see that they are registered, and change their password (§3.3)", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const registered = query("<registered/><username>romeo</username><password/>");
  await romeo.gets("get", query(), "verona.example", registered);
  await romeo.gets("get", query(), undefined, registered);
  await romeo.gets("set", named("romeo", "montague"), "verona.example");
  await romeo.gets("set", named("Romeo", "rosaline"));
  const again = stage.connect();
  await again.opensStream();
  await again.authenticates("romeo", "rosaline");
});

test("a password change must be complete, the user's own, and acceptable", async (t) => {
  const stage = await playServer(t, { hosts: ["verona.example", "mantua.example"] });
  await stage.account("juliet");
  await stage.account("romeo", "romeo", "mantua.example");
  const romeo = await stage.login("romeo");
  await romeo.isRefused("bad-request", "set", query("<username>romeo</username><password/>"), "verona.example");
  await romeo.isRefused("bad-request", "set", query("<password>montague</password>"), "verona.example");
  await romeo.isRefused("not-allowed", "set", named("juliet", "montague"), "verona.example");
  await romeo.isRefused("not-acceptable", "set", named("romeo", "x".repeat(2000)), "verona.example");
  // who has the same name elsewhere is somebody else
  await romeo.isRefused("registration-required", "set", named("romeo", "mine"), "mantua.example");
  await romeo.isRefused("registration-required", "set", query("<remove/>"), "mantua.example");
  const unchanged = stage.connect();
  await unchanged.opensStream();
  await unchanged.authenticates("romeo", "romeo");
});

test("removal answers, tells the contacts, ends all sessions and leaves nothing (§3.2)", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const juliet = await stage.enter("juliet", "balcony");
  await juliet.receives("<presence from='romeo@verona.example' to='{any}' type='unavailable'/>");
  await juliet.asks("get", "<query xmlns='jabber:iq:roster'/>");
  const romeo = await stage.login("romeo");
  const phone = await stage.login("romeo", "phone");
  await romeo.gets("set", query("<remove/>"));
  await romeo.ends("not-authorized");
  await phone.ends("not-authorized");
  const steps = [await juliet.next(), await juliet.next(), await juliet.next(), await juliet.next()];
  const told = steps.map(({ name, attrs }) => `${name} ${String(attrs["type"])}`);
  assert.deepEqual(told.sort(), ["iq set", "iq set", "presence unsubscribe", "presence unsubscribed"]);
  assert.equal(await stage.storage.accounts.get({ host: "verona.example", user: "romeo" }), undefined);
});

test("removal stands alone", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  await romeo.isRefused("bad-request", "set", query("<remove/><username>romeo</username>"));
});

test("the operator may forbid both", async (t) => {
  const stage = await playServer(t, { config: "[extensions.registration]\npassword_change = false\nremoval = false" });
  const romeo = await stage.login("romeo");
  await romeo.isRefused("not-allowed", "set", named("romeo", "montague"), "verona.example");
  await romeo.isRefused("not-allowed", "set", query("<remove/>"));
});
