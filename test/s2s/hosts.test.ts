// A server with several domains, hosts and a component: each federates for itself, by streams of its own.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { RawClient } from "../support/raw-client.js";
import { World, type WorldServer } from "./support/world.js";

const irc = "irc.verona.example";

/** Verona and Venice are one server; of these only Verona talks to Mantua. */
async function twoHosts(world: World, more = ""): Promise<WorldServer> {
  const { certificate, key } = await world.certificate("venice", { dns: ["venice.example"] });
  const files = `certificate = "${certificate}"\nkey = "${key}"\n`;
  return world.server("verona.example", { config: `[servers]\n[hosts."venice.example"]\n${files}${more}` });
}

test("two hosts of one server exchange stanzas with a third, each in its own name", async (t) => {
  const world = await World.begin(t);
  const verona = await twoHosts(world);
  const peers = verona.asPeer() + verona.asPeer().replace("verona", "venice");
  const mantua = await world.server("mantua.example", { config: peers });
  await verona.knows(mantua);
  const romeo = await mantua.enter("romeo");
  const [juliet, othello] = [await verona.enter("juliet"), await verona.enter("othello", "venice.example")];
  for (const [user, name] of [
    [juliet, "verona"],
    [othello, "venice"],
  ] as const) {
    romeo.send(`<message to='${user.jid}' type='chat' id='${name}'><body>Good morrow, ${name}</body></message>`);
    await user.receives(`<body>Good morrow, ${name}</body>`);
    user.send(`<message to='${romeo.jid}' type='chat' id='from-${name}'><body>Who is it?</body></message>`);
    await romeo.receives(new RegExp(`<message[^>]*from='${user.jid}'[^>]*id='from-${name}'`));
  }
  const opened = mantua.log.filter(({ event }) => event === "s2s-opened");
  assert.deepEqual(
    opened.map(({ remote, weProved }) => [remote, weProved]),
    [
      ["verona.example", "certificate"],
      ["venice.example", "certificate"],
    ],
  );
});

test("one host federates, and the other, which does not, is unreachable from outside", async (t) => {
  const world = await World.begin(t);
  const verona = await twoHosts(world, '[hosts."venice.example".federation]\nenabled = false\n');
  const peers = verona.asPeer() + verona.asPeer().replace("verona", "venice");
  const mantua = await world.server("mantua.example", { config: peers });
  await verona.knows(mantua);
  const romeo = await mantua.enter("romeo");
  const [juliet, othello] = [await verona.enter("juliet"), await verona.enter("othello", "venice.example")];
  othello.send("<message to='romeo@mantua.example' type='chat' id='m1'><body>Haply, for I am black</body></message>");
  await othello.receives(/<message[^>]*id='m1'.*<not-allowed.*\(federation-disabled\)/s);
  othello.send("<message to='juliet@verona.example' type='chat' id='m2'><body>But soft</body></message>");
  await juliet.receives("But soft"); // inside the server nothing has changed
  romeo.send("<message to='othello@venice.example' type='chat' id='m3'><body>Good morrow</body></message>");
  const failed = await mantua.logged("s2s-failed");
  assert.equal(failed["remote"], "venice.example");
  assert.match(String(failed["text"]), /venice\.example does not exchange stanzas with other servers/);
  romeo.send("<message to='juliet@verona.example' type='chat' id='m4'><body>Call me but love</body></message>");
  await juliet.receives("Call me but love");
  assert.doesNotMatch(othello.heard, /Good morrow/);
});

test("a component's domain federates like a host's", async (t) => {
  const world = await World.begin(t);
  const component = `[[listeners]]\ntype = "component"\nport = 0\n[components."${irc}"]\nsecret = "a rose"\n`;
  const certificate = { dns: ["verona.example", irc] };
  const verona = await world.server("verona.example", { certificate, config: `[servers]\n${component}` });
  const peers = verona.asPeer() + verona.asPeer().replace("verona", "irc.verona");
  const mantua = await world.server("mantua.example", { config: peers });
  await verona.knows(mantua);
  const romeo = await mantua.enter("romeo");
  const gateway = await connects(verona);
  romeo.send(`<message to='#verona@${irc}' type='chat' id='m1'><body>Is the day so young?</body></message>`);
  await gateway.receives(new RegExp(`<message[^>]*to='#verona@${irc}'.*Is the day so young`, "s"));
  gateway.send(`<message from='#verona@${irc}' to='${romeo.jid}' id='m2'><body>But new struck nine</body></message>`);
  await romeo.receives(new RegExp(`<message[^>]*from='#verona@${irc}'[^>]*id='m2'`));
  const opened = await mantua.logged("s2s-opened");
  assert.deepEqual([opened["remote"], opened["theyProved"]], [irc, "certificate"]);
});

/** The gateway proves to know its secret (XEP-0114 §3). */
async function connects(server: WorldServer): Promise<RawClient> {
  const gateway = await RawClient.tcp(server.port("component"), irc);
  gateway.send(
    `<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='${irc}'>`,
  );
  const [, id = ""] = await gateway.receives(/ id='([^']*)'[^>]*>/);
  gateway.send(`<handshake>${createHash("sha1").update(`${id}a rose`).digest("hex")}</handshake>`);
  await gateway.receives("<handshake/>");
  return gateway;
}

test("a stream that nobody uses is closed, and the next message opens another", async (t) => {
  const world = await World.begin(t);
  const verona = await world.server("verona.example");
  const mantua = await world.server("mantua.example", { config: `[servers]\nidle_timeout = "1s"\n${verona.asPeer()}` });
  const [romeo, juliet] = [await mantua.enter("romeo"), await verona.enter("juliet")];
  for (const number of [1, 2]) {
    romeo.send(`<message to='juliet@verona.example' type='chat'><body>${number}</body></message>`);
    await juliet.receives(`<body>${number}</body>`);
    await mantua.logged("s2s-closed", number);
  }
  assert.equal(mantua.log.filter(({ event }) => event === "s2s-opened").length, 2);
  assert.doesNotMatch(romeo.heard, /type='error'/);
});
