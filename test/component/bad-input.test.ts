// Components that are none, and components that do what they must not: each ends with the error that the clause names.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { conditionOf } from "../support/client.js";
import type { ExternalComponent } from "../support/external-component.js";
import { playServer, type Stage } from "../support/play-server.js";

const irc = "irc.verona.example";
const config = `[components."${irc}"]\nsecret = "${irc}"\nstanza_size = "20000 B"`;

/** The stage, and a connection to it on which nothing has been said. */
async function newcomer(t: TestContext, domain = irc): Promise<[Stage, ExternalComponent]> {
  const stage = await playServer(t, { config });
  return [stage, stage.connectComponent(domain)];
}

test("the header is answered with an id and the component's name, and without version or features", async (t) => {
  const [, gateway] = await newcomer(t);
  gateway.opens();
  const { id, from, version, defaultNamespace } = gateway.opening ?? assert.fail("There was no header.");
  assert.deepEqual([from, version, defaultNamespace], [irc, undefined, "jabber:component:accept"]);
  assert.match(id ?? "", /^[\w-]{16}$/);
  await gateway.proves(irc);
});

test("a header for another stream, for nobody, or for a component that is not configured", async (t) => {
  const headers: [string, string?, string?][] = [
    ["invalid-namespace", `to='${irc}'`, "jabber:client"],
    ["invalid-namespace", `to='${irc}'`, "jabber:component:connect"],
    ["improper-addressing", ""],
    ["host-unknown", "to='sms.verona.example'"],
    ["host-unknown", "to='verona.example'"],
    ["host-unknown", `to='nurse@${irc}'`],
    ["host-unknown", "to='@'"],
  ];
  for (const [condition, attributes, namespace] of headers) {
    const [, gateway] = await newcomer(t);
    gateway.opens(attributes, namespace);
    await gateway.ends(condition);
    assert.notEqual(gateway.opening, undefined, "the error stands in a stream (XEP-0114 §3)");
  }
});

test("the name is compared in its one form", async (t) => {
  const [, gateway] = await newcomer(t);
  gateway.opens("to='IRC.Verona.Example.'");
  await gateway.proves(irc);
});

test("a handshake that does not match ends the stream, however near it is", async (t) => {
  const makers: ((gateway: ExternalComponent) => string)[] = [
    (gateway) => gateway.handshake("another"),
    (gateway) => gateway.handshake(irc).toUpperCase().replaceAll("HANDSHAKE", "handshake"),
    (gateway) => gateway.handshake(irc).replace("</", " </"),
    (gateway) => gateway.handshake(irc).replace(/.(?=<)/, ""),
    () => "<handshake/>",
    () => `<handshake>${irc}</handshake>`,
    () => `<handshake>${"é".repeat(40)}</handshake>`,
  ];
  for (const make of makers) {
    const [stage, gateway] = await newcomer(t);
    gateway.opens();
    gateway.send(make(gateway));
    await gateway.ends("not-authorized");
    assert.equal(stage.components.components.get(irc)?.connection, undefined);
  }
});

test("a handshake is good for one stream only", async (t) => {
  const [stage, gateway] = await newcomer(t);
  gateway.opens();
  const proof = gateway.handshake(irc);
  const thief = stage.connectComponent(irc);
  thief.opens();
  thief.send(proof);
  await thief.ends("not-authorized");
});

test("nothing comes before the handshake", async (t) => {
  const stanza = `<message from='${irc}' to='romeo@verona.example'><body>Tut</body></message>`;
  const stage = await playServer(t, { config });
  const romeo = await stage.enter("romeo");
  for (const early of [stanza, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'/>"]) {
    const gateway = stage.connectComponent(irc);
    gateway.opens();
    gateway.send(early);
    await gateway.ends("not-authorized");
  }
  await stage.receiveNothing(romeo);
});

test("who says nothing is sent away in time", async (t) => {
  const [stage, gateway] = await newcomer(t);
  gateway.opens();
  stage.clock.advance(30_000);
  await gateway.ends("connection-timeout");
});

test("the second of two that prove the same stays out, and the first is not disturbed", async (t) => {
  const stage = await playServer(t, { config });
  const romeo = await stage.login("romeo");
  const first = await stage.component(irc);
  const second = stage.connectComponent(irc);
  second.opens();
  second.send(second.handshake(irc));
  await second.ends("conflict");
  romeo.send(`<message to='${irc}'/>`);
  await first.receives(`<message from='${romeo.jid}' to='${irc}'/>`);
  first.transport.clientVanishes();
  await new Promise((resolve) => setImmediate(resolve)); // the server learns of it in the next turn
  await stage.component(irc);
});

test("a forged or missing sender ends the stream, and the stanza goes nowhere", async (t) => {
  const senders: [string, string][] = [
    ["invalid-from", "from='verona.example'"],
    ["invalid-from", "from='juliet@verona.example/balcony'"],
    ["invalid-from", `from='x.${irc}'`],
    ["invalid-from", `from='${irc}.example'`],
    ["invalid-from", "from='@'"],
    ["invalid-from", "from=''"],
    ["improper-addressing", ""],
  ];
  const stage = await playServer(t, { config });
  const romeo = await stage.enter("romeo");
  for (const [condition, from] of senders) {
    const gateway = await stage.component(irc);
    gateway.send(`<message ${from} to='romeo@verona.example'><body>Come forth</body></message>`);
    await gateway.ends(condition);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await stage.receiveNothing(romeo);
});

test("a stanza to nobody ends the stream, one to what is no address goes back", async (t) => {
  const stage = await playServer(t, { config });
  const gateway = await stage.component(irc);
  for (const to of ["to=''", "to='@verona.example'", `to='${"x".repeat(1024)}@verona.example'`]) {
    gateway.send(`<message from='${irc}' ${to} id='1'/>`);
    assert.equal(conditionOf(await gateway.next()), "jid-malformed");
  }
  gateway.send(`<message from='${irc}' to='@' type='error'/>`); // no error answers an error
  gateway.send(`<iq from='${irc}' to='verona.example' type='get' id='2'/>`);
  assert.equal(conditionOf(await gateway.next()), "bad-request");
  gateway.send(`<message from='${irc}'/>`);
  await gateway.ends("improper-addressing");
});

test("what is no stanza ends the stream", async (t) => {
  for (const strange of [
    "<handshake/>",
    "<message xmlns='jabber:server'/>",
    "<message xmlns='urn:example:other'/>",
    "<r xmlns='urn:xmpp:sm:3'/>",
    "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
  ]) {
    const stage = await playServer(t, { config });
    const gateway = await stage.component(irc);
    gateway.send(strange);
    await gateway.ends("unsupported-stanza-type");
  }
});

test("a stanza past the limit ends the stream; before the handshake the limit is lower", async (t) => {
  const stage = await playServer(t, { config });
  const giant = `<message from='${irc}' to='romeo@verona.example'><body>${"O ".repeat(10_000)}</body></message>`;
  const gateway = await stage.component(irc);
  gateway.send(giant.replace("O ".repeat(2000), ""));
  assert.equal(conditionOf(await gateway.next()), "service-unavailable", "it has arrived, though there is no Romeo");
  gateway.send(giant);
  await gateway.ends("policy-violation");
  const early = stage.connectComponent(irc);
  early.opens();
  early.send(`<handshake>${"0".repeat(10_000)}</handshake>`);
  await early.ends("policy-violation");
});

test("XML that is none ends the stream", async (t) => {
  const stage = await playServer(t, { config });
  for (const [broken, condition] of [
    ["<message", undefined],
    ["<message></iq>", "not-well-formed"],
    ["<!-- Gregory -->", "restricted-xml"],
    ["<?sampson?>", "restricted-xml"],
  ] as const) {
    const gateway = await stage.component(irc);
    gateway.send(broken);
    if (condition === undefined) gateway.transport.clientVanishes();
    await gateway.ends(condition);
    await new Promise((resolve) => setImmediate(resolve));
  }
});

test("a component that reports a stream error, or closes, has gone", async (t) => {
  const stage = await playServer(t, { config });
  for (const end of [
    "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
    "</stream:stream>",
  ]) {
    const gateway = await stage.component(irc);
    gateway.send(end);
    await gateway.ends();
    assert.deepEqual(gateway.unexpected, []);
    assert.equal(stage.components.components.get(irc)?.connection, undefined);
  }
});
