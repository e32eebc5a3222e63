// Every stream error of RFC 6120 §4.9.3 that a server has for its clients: header first, error, footer, end (§4.9.1).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FakeClock } from "../support/fake-clock.js";
import { streamsNamespace } from "../support/raw-client.js";
import { host, passwordOf, rawStage, RawStage } from "../support/raw-stage.js";

const clock = new FakeClock();
const stage = rawStage({
  clock,
  config: "[clients]\nlogin_timeout = '60s'\nidle_timeout = '5m'\nanswer_timeout = '1m'\n",
});
const namespaces = `xmlns='jabber:client' xmlns:stream='${streamsNamespace}'`;
const minute = 60_000;

describe("a header that is wrong", () => {
  const headers: Readonly<Record<string, readonly [condition: string, header: string]>> = {
    "of another name (§4.9.3.1)": ["bad-format", `<stream:river ${namespaces} to='${host}' version='1.0'>`],
    "with another prefix (§4.9.3.2)": [
      "bad-namespace-prefix",
      `<s:stream xmlns='jabber:client' xmlns:s='${streamsNamespace}' to='${host}' version='1.0'>`,
    ],
    "without a prefix (§4.9.3.2)": [
      "bad-namespace-prefix",
      `<stream xmlns='${streamsNamespace}' to='${host}' version='1.0'>`,
    ],
    "to a host that is not here (§4.9.3.6)": [
      "host-unknown",
      `<stream:stream ${namespaces} to='mantua.example' version='1.0'>`,
    ],
    "to what is no domain (§4.9.3.6)": ["host-unknown", `<stream:stream ${namespaces} to='@@' version='1.0'>`],
    "to nobody (§4.9.3.7)": ["improper-addressing", `<stream:stream ${namespaces} version='1.0'>`],
    "of another stream namespace (§4.9.3.10)": [
      "invalid-namespace",
      `<stream:stream xmlns='jabber:client' xmlns:stream='urn:example:river' to='${host}' version='1.0'>`,
    ],
    "of another content namespace (§4.9.3.10)": [
      "invalid-namespace",
      `<stream:stream xmlns='jabber:server' xmlns:stream='${streamsNamespace}' to='${host}' version='1.0'>`,
    ],
    "of no content namespace (§4.9.3.10)": [
      "invalid-namespace",
      `<stream:stream xmlns:stream='${streamsNamespace}' to='${host}' version='1.0'>`,
    ],
    "not well-formed (§4.9.3.13)": ["not-well-formed", `<stream:stream ${namespaces} to='${host}' to='${host}'>`],
    "too long (§4.9.3.14)": ["policy-violation", `<stream:stream ${namespaces} to='${"o".repeat(10_001)}'>`],
    "after a DTD (§4.9.3.18)": [
      "restricted-xml",
      `<!DOCTYPE stream><stream:stream ${namespaces} to='${host}' version='1.0'>`,
    ],
    "in another encoding (§4.9.3.22)": ["unsupported-encoding", "<?xml version='1.0' encoding='UTF-16'?>"],
    "of no version (§4.9.3.25, §4.7.5)": ["unsupported-version", `<stream:stream ${namespaces} to='${host}'>`],
    "of version 0.9 (§4.9.3.25)": ["unsupported-version", `<stream:stream ${namespaces} to='${host}' version='0.9'>`],
    "of no version at all that is one (§4.9.3.25)": [
      "unsupported-version",
      `<stream:stream ${namespaces} to='${host}' version='first'>`,
    ],
  };
  for (const [name, [condition, header]] of Object.entries(headers)) {
    test(`${name}: our header, then <${condition}/>`, async () => {
      const tybalt = await stage.connect();
      tybalt.send(header);
      const [, attributes = ""] = await tybalt.receives(/^<\?xml version='1\.0'\?><stream:stream ([^>]*)>/);
      assert.match(attributes, /id='[\w-]{16,}'/);
      // RFC 6120 §4.7.5: who says no version is told none
      const saysNone = header === `<stream:stream ${namespaces} to='${host}'>`;
      assert.equal(attributes.includes("version='1.0'"), !saysNone);
      assert.match(attributes, /xmlns='jabber:client' xmlns:stream='http:\/\/etherx\.jabber\.org\/streams'/);
      await tybalt.endsWith(condition);
      await stage.nobodyElseNotices();
    });
  }
});

test("a version higher than ours is no error (§4.7.5)", async () => {
  const tybalt = await stage.connect();
  tybalt.send(tybalt.header(`to='${host}' version='1.1'`));
  const [header] = await tybalt.receives(/<stream:stream [^>]*>/);
  assert.match(header, /version='1\.0'/);
  await tybalt.receives("<stream:features>");
});

test("the domain is compared as a domain, not as text (RFC 7622 §3.2)", async () => {
  const tybalt = await stage.connect();
  tybalt.send(tybalt.header("to='VERONA.Example.' version='1.0'"));
  await tybalt.receives("<stream:features>");
});

test("another host at the restart gets <host-unknown/>", async () => {
  await stage.account("tybalt");
  const tybalt = await stage.connect();
  await tybalt.opens();
  tybalt.sendsPlain("tybalt", passwordOf("tybalt"));
  await tybalt.receives("<success");
  tybalt.send(tybalt.header("to='mantua.example' version='1.0'"));
  await tybalt.endsWith("host-unknown");
});

test("each header of ours has another id (§4.7.3)", async () => {
  const tybalt = await stage.login("tybalt");
  const ids = [...tybalt.heard.matchAll(/<stream:stream [^>]*id='([^']*)'/g)].map(([, id]) => id);
  assert.equal(ids.length, 2);
  assert.notEqual(ids[0], ids[1]);
});

describe("<connection-timeout/> (§4.9.3.4)", () => {
  test("a slow trickle before login: byte after byte does not stop the clock", async () => {
    const tybalt = await stage.connect();
    for (const byte of tybalt.header().slice(0, 50)) {
      tybalt.send(byte);
      clock.advance(1_000);
    }
    clock.advance(10_001);
    await tybalt.endsWith("connection-timeout");
  });

  test("a connection on which nothing is said at all", async () => {
    const tybalt = await stage.connect();
    await stage.nobodyElseNotices(); // by now the server has accepted it
    clock.advance(minute);
    await tybalt.endsWith("connection-timeout");
  });

  test("one that has logged in and binds nothing", async () => {
    const tybalt = await stage.authenticated("tybalt");
    clock.advance(minute);
    await tybalt.endsWith("connection-timeout");
  });

  test("a session gone silent is asked first, and stays when it answers with as little as a space", async () => {
    const tybalt = await stage.login("tybalt");
    const juliet = await stage.login("juliet");
    await stage.nobodyElseNotices();
    clock.advance(5 * minute + 15_000); // a look each 15 s
    await tybalt.receives(/ |<ping /);
    juliet.send(" ");
    await stage.nobodyElseNotices();
    await juliet.makesRoundTrip();
    clock.advance(minute + 15_000);
    await tybalt.endsWith("connection-timeout");
    await juliet.makesRoundTrip();
  });
});

test("<system-shutdown/> to everybody, whatever they are at, when the server stops (§4.9.3.20)", async () => {
  const other = new RawStage({});
  await other.start();
  const session = await other.enter("juliet");
  const framed = await other.enter("romeo", "orchard", "webSocket");
  const secured = await other.enter("mercutio", "square", "tls");
  const before = await other.connect();
  await before.opens();
  const loggedIn = await other.authenticated("tybalt");
  const silent = await other.connect();
  await session.makesRoundTrip();
  const stopped = other.server.stop();
  for (const client of [session, framed, secured, before, loggedIn, silent]) await client.endsWith("system-shutdown");
  await stopped;
  await assert.rejects(other.connect(), "nobody listens any more");
});

test("no error at all is <see-other-host/>, and none was an internal one", () => {
  assert.doesNotMatch(stage.log.join(""), /see-other-host|internal-server-error|stream-failed/);
});
