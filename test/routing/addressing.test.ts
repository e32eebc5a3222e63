// Where a stanza goes by its address: RFC 6120 §8.1.1, §10.3 to §10.5.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid } from "../../src/jid/jid.js";
import { buildStanza } from "../../src/stanza/build.js";
import { conditionOf } from "../support/client.js";
import { playServer } from "../support/play-server.js";

test("a message without `to` is one to the own bare JID (§10.3.1)", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.enter("romeo", "orchard");
  const phone = await stage.login("romeo", "phone");
  phone.send("<message id='m1' type='chat'><body>Note to self</body></message>");
  await romeo.receives(
    `<message from='${phone.jid}' to='romeo@verona.example' id='m1' type='chat'><body>Note to self</body></message>`,
  );
  await stage.receiveNothing(romeo, phone);
});

test("a request without `to` is answered by the own account, with its address (§10.3.3)", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  for (const to of [undefined, "romeo@verona.example"]) {
    const answer = await romeo.asks("get", "<ping xmlns='urn:xmpp:ping'/>", to);
    assert.deepEqual([answer.attrs["type"], answer.attrs["from"]], ["result", "romeo@verona.example"]);
  }
  const refusal = await romeo.asks("get", "<no xmlns='urn:example'/>");
  assert.deepEqual([conditionOf(refusal), refusal.attrs["from"]], ["service-unavailable", "romeo@verona.example"]);
});

test("results and errors without `to`, or to the own account or the host, answer nothing and are ignored", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  for (const to of ["", "to='romeo@verona.example'", "to='verona.example'", "to='juliet@verona.example'"]) {
    romeo.send(`<iq type='result' id='1' ${to}/>`, `<iq type='error' id='2' ${to}/>`);
  }
  await stage.receiveNothing(romeo);
});

test("messages to the host are refused, presence to it is ignored (§10.5.1)", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  for (const to of ["verona.example", "verona.example/prince"]) {
    romeo.send(
      `<presence to='${to}'/>`,
      `<presence to='${to}' type='subscribe'/>`,
      `<presence to='${to}' type='probe'/>`,
    );
    romeo.send(`<message to='${to}' id='m1'><body>O</body></message>`, `<message to='${to}' type='error' id='m2'/>`);
    const error = await romeo.next();
    assert.deepEqual([error.attrs["id"], error.attrs["from"], conditionOf(error)], ["m1", to, "service-unavailable"]);
  }
  await stage.receiveNothing(romeo);
});

test("until there is federation, other domains are not found (§10.4.3)", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  romeo.send("<message to='juliet@mantua.example' id='m1'/>");
  const error = await romeo.next();
  assert.deepEqual([error.attrs["from"], conditionOf(error)], ["juliet@mantua.example", "remote-server-not-found"]);
  await romeo.isRefused("remote-server-not-found", "get", "<ping xmlns='urn:xmpp:ping'/>", "mantua.example");
  romeo.send("<message to='mantua.example' type='error' id='m2'/>");
  await stage.receiveNothing(romeo);
});

test("stanzas go to whoever has the domain: a service, or whoever takes the rest", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const got: string[] = [];
  stage.router.addRoute("gateway.verona.example", { receive: ({ to }) => void got.push(`rooms: ${String(to)}`) });
  stage.router.remote = { receive: ({ to }) => void got.push(`elsewhere: ${String(to)}`) };
  romeo.send("<message to='tomb@gateway.verona.example/paris'/>", "<message to='mantua.example'/>");
  await romeo.makesRoundTrip();
  assert.deepEqual(got, ["rooms: tomb@gateway.verona.example/paris", "elsewhere: mantua.example"]);
  stage.router.removeRoute("gateway.verona.example");
  romeo.send("<message to='tomb@gateway.verona.example'/>");
  await romeo.makesRoundTrip();
  assert.equal(got.at(-1), "elsewhere: tomb@gateway.verona.example");
});

test("a domain is given to one service only", async (t) => {
  const stage = await playServer(t);
  const route = { receive: () => undefined };
  stage.router.addRoute("gateway.verona.example", route);
  for (const domain of ["gateway.verona.example", "verona.example"]) {
    assert.throws(() => stage.router.addRoute(domain, route), new RegExp(domain));
  }
});

test("a malformed address comes back as such, from nobody (§8.3.3.8)", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  for (const to of ["@verona.example", "a b@verona.example", "juliet@", "juliet@verona.example/"]) {
    for (const kind of ["message", "presence"]) {
      romeo.send(`<${kind} to='${to}' id='m1'/>`);
      const error = await romeo.next();
      assert.deepEqual(
        [error.attrs["id"], error.attrs["from"], conditionOf(error)],
        ["m1", undefined, "jid-malformed"],
      );
    }
    await romeo.isRefused("jid-malformed", "get", "<ping xmlns='urn:xmpp:ping'/>", to);
    romeo.send(`<message to='${to}' type='error'/>`);
  }
  await stage.receiveNothing(romeo);
});

test("to a resource that is not there, of all subscription stanzas only a request counts (§8.5.3.2.2)", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.enter("juliet", "balcony");
  await juliet.asks("get", "<query xmlns='jabber:iq:roster'/>");
  juliet.send("<presence type='subscribe' to='romeo@mantua.example'/>");
  await juliet.next(); // there is no way to Mantua
  await juliet.next(); // the push
  const [romeo, attic] = [Jid.parse("romeo@mantua.example"), Jid.parse("juliet@verona.example/attic")];
  const say = (type: string, to: Jid): void => stage.router.route(buildStanza("presence", { from: romeo, to, type }));
  say("subscribed", attic);
  await stage.receiveNothing(juliet);
  say("subscribe", attic);
  await juliet.receives("<presence from='romeo@mantua.example' to='juliet@verona.example' type='subscribe'/>");
  say("subscribed", Jid.parse(juliet.jid));
  await juliet.receives("<presence from='romeo@mantua.example' to='juliet@verona.example' type='subscribed'/>");
});
