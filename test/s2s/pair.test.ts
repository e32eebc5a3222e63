// The queue and the stream of one pair of domains: what waits, what goes, what comes back, and what is sent once more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FederationFailure } from "../../src/s2s/reason.js";
import { letter } from "./support/letters.js";
import { Mantua } from "./support/mantua.js";
import { management, OtherServer, type OtherServerPlay } from "./support/other-server.js";

const refused = () => new FederationFailure("connection-refused", "Nobody listens.");
const unknown = () => new FederationFailure("host-unknown", "Verona is not served there.");

/** Verona answers; returns its end of each stream that was opened. */
function veronaAnswers(mantua: Mantua, ...plays: readonly OtherServerPlay[]): OtherServer[] {
  const servers: OtherServer[] = [];
  mantua.way = () => {
    const server = new OtherServer(plays[servers.length] ?? plays.at(-1));
    servers.push(server);
    return server;
  };
  return servers;
}

test("what waits too long comes back with the reason of the last failure", async (t) => {
  const mantua = await Mantua.begin(t, "[servers]\nqueue_time = '1m'\n");
  mantua.way = refused;
  mantua.sends(letter(1));
  await mantua.passes(30);
  mantua.sends(letter(2));
  await mantua.passes(29);
  assert.deepEqual(mantua.returned, []);
  await mantua.passes(3);
  assert.deepEqual(mantua.returned, ["1 remote-server-timeout connection-refused"]);
  await mantua.passes(30);
  assert.deepEqual(mantua.returned[1], "2 remote-server-timeout connection-refused");
});

test("what waits too long for an attempt that does not end comes back, too", async (t) => {
  const mantua = await Mantua.begin(t, "[servers]\nqueue_time = '1m'\n");
  mantua.sends(letter(1));
  await mantua.passes(62);
  assert.deepEqual(mantua.returned, ["1 remote-server-timeout queue-timeout"]);
  assert.equal(mantua.attempts.length, 1);
});

test("what finds the queue full comes back at once, and what waits stays", async (t) => {
  const mantua = await Mantua.begin(t, "[servers]\nqueue_stanzas = 2\n");
  mantua.sends(letter(1), letter(2), letter(3));
  assert.deepEqual(mantua.returned, ["3 resource-constraint queue-full"]);
  assert.equal(mantua.federation.pair("mantua.example", "verona.example").waiting.length, 2);
});

test("a lasting failure returns what waits at once, and what comes before the next attempt may be made", async (t) => {
  const mantua = await Mantua.begin(t, "[servers]\nback_off = '10s'\n");
  mantua.way = unknown;
  mantua.sends(letter(1), letter(2));
  await mantua.settles();
  assert.deepEqual(mantua.returned, [
    "1 remote-server-not-found host-unknown",
    "2 remote-server-not-found host-unknown",
  ]);
  mantua.sends(letter(3));
  assert.equal(mantua.returned[2], "3 remote-server-not-found host-unknown");
  await mantua.passes(20);
  assert.equal(mantua.attempts.length, 1); // nothing waits, so nothing is tried
  const verona = veronaAnswers(mantua);
  mantua.sends(letter(4));
  await mantua.settles();
  assert.deepEqual([mantua.attempts.length, verona[0]?.ids], [2, ["4"]]);
});

test("after a passing failure it waits, and tries again after growing pauses", async (t) => {
  const mantua = await Mantua.begin(t, "[servers]\nback_off = '4s'\nback_off_limit = '20s'\n");
  mantua.way = refused;
  mantua.sends(letter(1), letter(2));
  await mantua.passes(90);
  assert.deepEqual(mantua.returned, []);
  const pauses = mantua.attempts.slice(1).map((at, index) => at - (mantua.attempts[index] ?? 0));
  const longest = [4, 8, 16, 20, 20].map((seconds) => seconds * 1000);
  for (const [index, most] of longest.entries()) {
    const pause = pauses[index] ?? assert.fail(`no attempt ${index + 2}`);
    assert.ok(pause >= most / 2 && pause <= most + 1000, `pause ${index + 1}: ${pause}`);
  }
  const verona = veronaAnswers(mantua);
  mantua.sends(letter(3));
  await mantua.passes(21);
  assert.deepEqual([verona.length, verona[0]?.ids], [1, ["1", "2", "3"]]);
});

test("a stream that the other side opens ends the pause", async (t) => {
  const mantua = await Mantua.begin(t, "[servers]\nback_off = '1h'\nback_off_limit = '1h'\n");
  mantua.federation.verify = async () => true;
  mantua.way = refused;
  mantua.sends(letter(1));
  await mantua.settles();
  assert.equal(mantua.attempts.length, 1);
  const verona = veronaAnswers(mantua);
  const visitor = new OtherServer();
  mantua.federation.accept(visitor.transport);
  visitor.says(
    "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' " +
      "xmlns:db='jabber:server:dialback' from='verona.example' to='mantua.example' version='1.0'>",
  );
  visitor.says("<db:result from='verona.example' to='mantua.example'>key</db:result>");
  await mantua.settles();
  assert.match(visitor.heard, /<db:result from='mantua.example' to='verona.example' type='valid'\/>/);
  assert.deepEqual([mantua.attempts.length, verona[0]?.ids], [2, ["1"]]);
  assert.equal(mantua.federation.domain("verona.example").isBackingOff, false);
});

const ofAllKinds = [
  letter("message"),
  letter("presence", { kind: "presence", content: "<show>away</show>" }),
  letter("set", { kind: "iq", type: "set" }),
  letter("get", { kind: "iq", type: "get" }),
  letter("result", { kind: "iq", type: "result" }),
];
const fateUnknown = ["message remote-server-timeout fate-unknown", "set remote-server-timeout fate-unknown"];

test("of what may have arrived or not, that goes again which does no harm twice; the rest comes back", async (t) => {
  const mantua = await Mantua.begin(t);
  const verona = veronaAnswers(mantua);
  mantua.sends(letter("first"), ...ofAllKinds);
  await mantua.settles();
  verona[0]?.acknowledges(1);
  verona[0]?.vanishes();
  await mantua.settles();
  assert.deepEqual(mantua.returned, fateUnknown);
  assert.deepEqual(verona[1]?.ids, ["presence", "get", "result"]);
});

test("a server that allows streams to be gone on with, and closes in order, has said what it has: the rest goes again", async (t) => {
  const mantua = await Mantua.begin(t);
  const verona = veronaAnswers(mantua, { id: "s1" });
  mantua.sends(letter("first"), ...ofAllKinds);
  await mantua.settles();
  verona[0]?.acknowledges(1);
  verona[0]?.saysGoodbye();
  await mantua.settles();
  assert.deepEqual(mantua.returned, []);
  assert.deepEqual(verona[1]?.ids, ["message", "presence", "set", "get", "result"]);
});

test("without its last word before the goodbye nobody knows", async (t) => {
  const mantua = await Mantua.begin(t);
  const verona = veronaAnswers(mantua, { id: "s1" });
  mantua.sends(...ofAllKinds);
  await mantua.settles();
  verona[0]?.saysGoodbye();
  await mantua.settles();
  assert.deepEqual(mantua.returned, fateUnknown);
  assert.deepEqual(verona[1]?.ids, ["presence", "get", "result"]);
});

test("a lost stream is gone on with: what has not arrived is sent again, and only that", async (t) => {
  const mantua = await Mantua.begin(t);
  const verona = veronaAnswers(mantua, { id: "s1" }, { onResume: `<resumed ${management} h='2' previd='s1'/>` });
  mantua.sends(letter(1), letter(2), letter(3));
  await mantua.settles();
  verona[0]?.vanishes();
  await mantua.settles();
  assert.match(verona[1]?.heard ?? "", /<resume xmlns='urn:xmpp:sm:3' h='0' previd='s1'\/>/);
  mantua.sends(letter(4));
  await mantua.settles();
  assert.deepEqual([verona[1]?.ids, mantua.returned], [["3", "4"], []]);
});

test("who does not go on with it but says how far it had come is believed", async (t) => {
  const mantua = await Mantua.begin(t);
  const failed = `<failed ${management} h='1'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`;
  const verona = veronaAnswers(mantua, { id: "s1" }, { id: "s2", onResume: failed });
  mantua.sends(letter("first"), ...ofAllKinds);
  await mantua.settles();
  verona[0]?.vanishes();
  await mantua.settles();
  assert.deepEqual(mantua.returned, []);
  assert.deepEqual(verona[1]?.ids, ["message", "presence", "set", "get", "result"]);
});

test("who remembers nothing leaves it open what has arrived", async (t) => {
  const mantua = await Mantua.begin(t);
  const failed = `<failed ${management}><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`;
  const verona = veronaAnswers(mantua, { id: "s1" }, { id: "s2", onResume: failed });
  mantua.sends(...ofAllKinds);
  await mantua.settles();
  verona[0]?.vanishes();
  await mantua.settles();
  assert.deepEqual(mantua.returned, fateUnknown);
  assert.deepEqual(verona[1]?.ids, ["presence", "get", "result"]);
});

test("a stream that nobody can go on with in time is given up", async (t) => {
  const mantua = await Mantua.begin(t, "[servers]\nresume_time = '30s'\nback_off = '1h'\nback_off_limit = '1h'\n");
  const verona = veronaAnswers(mantua, { id: "s1" });
  mantua.sends(letter(1));
  await mantua.settles();
  mantua.way = refused;
  verona[0]?.vanishes();
  await mantua.passes(29);
  assert.deepEqual(mantua.returned, []);
  await mantua.passes(2);
  assert.deepEqual(mantua.returned, ["1 remote-server-timeout fate-unknown"]);
});

test("a lasting failure ends the hope for a lost stream", async (t) => {
  const mantua = await Mantua.begin(t);
  const verona = veronaAnswers(mantua, { id: "s1" });
  mantua.sends(...ofAllKinds);
  await mantua.settles();
  mantua.way = unknown;
  verona[0]?.vanishes();
  await mantua.settles();
  assert.deepEqual(mantua.returned.slice(0, 2), fateUnknown);
  assert.deepEqual(mantua.returned.slice(2), [
    "presence remote-server-not-found host-unknown",
    "get remote-server-not-found host-unknown",
  ]);
});

test("a server that does not read loses nothing when its connection breaks: what was never sent goes again", async (t) => {
  const mantua = await Mantua.begin(t);
  const verona = veronaAnswers(mantua, { isSimple: true });
  mantua.sends(letter(1));
  await mantua.settles();
  verona[0]?.transport.clientStopsReading();
  mantua.sends(letter(2));
  await mantua.settles(); // is with the kernel
  mantua.sends(letter(3), letter(4));
  verona[0]?.vanishes();
  await mantua.settles();
  assert.deepEqual([verona[1]?.ids, mantua.returned], [["3", "4"], []]);
});

test("a stream that nobody uses is closed with a word on what has arrived, and opened again for the next stanza", async (t) => {
  const mantua = await Mantua.begin(t, "[servers]\nidle_timeout = '30s'\n");
  const verona = veronaAnswers(mantua);
  mantua.sends(letter(1));
  await mantua.settles();
  verona[0]?.acknowledges(1);
  await mantua.passes(29);
  assert.equal(verona[0]?.hasEnded, false);
  await mantua.passes(2);
  assert.match(verona[0].heard, /<a xmlns='urn:xmpp:sm:3' h='0'\/><\/stream:stream>$/);
  assert.equal(verona.length, 1);
  mantua.sends(letter(2));
  await mantua.settles();
  assert.deepEqual([verona.length, verona[0].ids], [1, ["1"]]);
  verona[0].vanishes();
  await mantua.settles();
  assert.deepEqual([verona.length, verona[1]?.ids, mantua.returned], [2, ["2"], []]);
});

test("a server that does not say what has arrived is taken for dead", async (t) => {
  const mantua = await Mantua.begin(t, "[servers]\nanswer_timeout = '20s'\n");
  const verona = veronaAnswers(mantua, { id: "s1" }, { onResume: `<resumed ${management} h='0' previd='s1'/>` });
  mantua.sends(letter(1));
  await mantua.passes(19);
  assert.match(verona[0]?.heard ?? "", /<r xmlns='urn:xmpp:sm:3'\/>/);
  assert.equal(verona[0]?.hasEnded, false);
  await mantua.passes(3);
  assert.match(verona[0].heard, /<connection-timeout[^>]*\/>.*<\/stream:error><\/stream:stream>$/s);
  assert.deepEqual([verona[1]?.ids, mantua.returned], [["1"], []]);
});

test("a silent server is sent a byte now and then", async (t) => {
  const mantua = await Mantua.begin(t, "[servers]\nkeep_alive = '10s'\n");
  const verona = veronaAnswers(mantua);
  mantua.sends(letter(1));
  await mantua.settles();
  verona[0]?.acknowledges(1);
  await mantua.passes(25);
  assert.match(verona[0]?.heard ?? "", /<\/message> {2}$/);
});

test("what a server takes of strangers is no limit for who has proven by dialback who they are", async (t) => {
  const mantua = await Mantua.begin(t);
  const limits = "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>10000</max-bytes></limits>";
  const verona = veronaAnswers(mantua, { features: limits });
  const long = letter("long", { content: `<body>${"o".repeat(10_001)}</body>` });
  mantua.sends(letter(1), long, letter(2));
  await mantua.settles();
  mantua.sends(long, letter(3));
  await mantua.settles();
  assert.deepEqual([verona[0]?.ids, mantua.returned], [["1", "long", "2", "long", "3"], []]);
});
