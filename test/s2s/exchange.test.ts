// Two servers exchange stanzas: by certificate and by dialback, over STARTTLS, direct TLS and in clear, one way and both.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RawClient } from "../support/raw-client.js";
import { World, type WorldServer } from "./support/world.js";

interface Way {
  readonly isDirectTls?: boolean;
  readonly play?: { readonly certificate?: "none"; readonly config?: string };
  readonly expected: Readonly<Record<string, unknown>>;
}

const anyCertificate = "[federation]\nrequire_certificate = false\n";
const oneWay = "[servers]\nbidirectional = false\n";

const ways: Readonly<Record<string, Way>> = {
  "by certificate": { expected: { weProved: "certificate", theyProved: "certificate", isBidirectional: true } },
  "by certificate over direct TLS": {
    isDirectTls: true,
    expected: { weProved: "certificate", theyProved: "certificate", isBidirectional: true },
  },
  "by dialback inside TLS": {
    play: { certificate: "none", config: anyCertificate },
    expected: { weProved: "dialback", theyProved: "nothing", isBidirectional: true },
  },
  "by dialback inside direct TLS": {
    isDirectTls: true,
    play: { certificate: "none", config: anyCertificate },
    expected: { weProved: "dialback", theyProved: "nothing", isBidirectional: true },
  },
};

for (const [name, { isDirectTls = false, play = {}, expected }] of Object.entries(ways)) {
  test(`a message there and back ${name}`, async (t) => {
    const { mantua, juliet, romeo } = await meet(await World.begin(t), isDirectTls, play);
    await exchange(romeo, juliet);
    const opened = await mantua.logged("s2s-opened");
    for (const [fact, value] of Object.entries(expected)) assert.equal(opened[fact], value, fact);
    assert.equal(mantua.log.filter(({ event }) => event === "s2s-accepted").length, 0);
  });
}

test("where streams go one way only, each side opens its own", async (t) => {
  const { mantua, verona, juliet, romeo } = await meet(await World.begin(t), false, { config: oneWay });
  await exchange(romeo, juliet);
  for (const server of [mantua, verona]) {
    assert.equal((await server.logged("s2s-opened"))["isBidirectional"], false);
    assert.equal((await server.logged("s2s-accepted"))["theyProved"], "certificate");
  }
});

test("who asks to see somebody's presence is asked after, seen, and loses sight again", async (t) => {
  const { juliet, romeo } = await meet(await World.begin(t));
  await romeo.asks("get", "<query xmlns='jabber:iq:roster'/>"); // who has not asked for it hears nothing of subscriptions
  romeo.send("<presence type='subscribe' to='juliet@verona.example'/>");
  await juliet.receives(/<presence[^>]*from='romeo@mantua.example' type='subscribe'\/>/);
  juliet.send("<presence type='subscribed' to='romeo@mantua.example'/>");
  await romeo.receives(/<presence[^>]*from='juliet@verona.example' type='subscribed'\/>/);
  await romeo.receives(/<presence[^>]*from='juliet@verona.example\/orchard'\/>/);
  juliet.send("<presence><show>away</show></presence>");
  await romeo.receives(/<presence[^>]*from='juliet@verona.example\/orchard'><show>away<\/show><\/presence>/);
  juliet.vanishes();
  await romeo.receives(/<presence[^>]*from='juliet@verona.example\/orchard' type='unavailable'\/>/);
});

test("questions are answered by the other server", async (t) => {
  const { romeo } = await meet(await World.begin(t));
  const answer = await romeo.asks("get", "<query xmlns='jabber:iq:version'/>", "verona.example");
  assert.match(answer, /from='verona.example' type='result'.*<name>Rookery<\/name>/);
});

test("who is not there gets nothing, and the sender hears of it", async (t) => {
  const { romeo } = await meet(await World.begin(t));
  romeo.send("<message to='rosaline@verona.example' type='chat' id='lost'><body>Out!</body></message>");
  await romeo.receives(/<message[^>]*from='rosaline@verona.example' type='error' id='lost'.*service-unavailable/);
});

test("what is longer than the other server takes comes back, and the rest goes (XEP-0478)", async (t) => {
  const small = "[servers]\nstanza_size = '10000 B'\n";
  const { romeo, juliet } = await meet(await World.begin(t), false, { config: small });
  const long = "o".repeat(10_001);
  romeo.send(`<message to='juliet@verona.example' type='chat' id='long'><body>${long}</body></message>`);
  await romeo.receives(/type='error' id='long'.*policy-violation.*stanza-too-large/);
  await exchange(romeo, juliet);
});

async function meet(world: World, isDirectTls = false, play: Way["play"] = {}): Promise<Cast> {
  const verona = await world.server("verona.example", play);
  const peer = verona.asPeer(isDirectTls);
  const mantua = await world.server("mantua.example", { ...play, config: (play.config ?? "") + peer });
  await verona.knows(mantua, isDirectTls);
  return { verona, mantua, juliet: await verona.enter("juliet"), romeo: await mantua.enter("romeo") };
}

interface Cast {
  readonly verona: WorldServer;
  readonly mantua: WorldServer;
  readonly juliet: RawClient;
  readonly romeo: RawClient;
}

async function exchange(romeo: RawClient, juliet: RawClient): Promise<void> {
  romeo.send("<message to='juliet@verona.example' type='chat' id='m1'><body>Call me but love</body></message>");
  await juliet.receives(/<message[^>]*from='romeo@mantua.example\/orchard'[^>]*><body>Call me but love<\/body>/);
  juliet.send(`<message to='${romeo.jid}' type='chat' id='m2'><body>What man art thou</body></message>`);
  await romeo.receives(/<message[^>]*from='juliet@verona.example\/orchard'[^>]*><body>What man art thou<\/body>/);
}
