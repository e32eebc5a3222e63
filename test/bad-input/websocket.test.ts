// Frames that are not what RFC 7395 wants: half a stanza, two, none, binary, and openings at the wrong time.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { host, passwordOf, rawStage, secretBody } from "../support/raw-stage.js";

const stage = rawStage();
const message = `<message xmlns='jabber:client' to='benvolio@verona.example'><body>${secretBody}</body></message>`;
const framing = "urn:ietf:params:xml:ns:xmpp-framing";

describe("a frame that is not one complete element (RFC 7395 §3.3.3)", () => {
  const frames: Readonly<Record<string, readonly [condition: string, frame: string]>> = {
    "half a stanza": ["not-well-formed", message.slice(0, 60)],
    "a stanza and a half": ["not-well-formed", message + message.slice(0, 60)],
    "two stanzas": ["not-well-formed", message + message],
    "the other half": ["not-well-formed", "</body></message>"],
    nothing: ["bad-format", ""],
    "white space before the stanza": ["bad-format", ` ${message}`],
    text: ["bad-format", secretBody],
    "a stream header as over TCP": [
      "not-well-formed",
      "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
    ],
    "a comment": ["restricted-xml", "<!-- -->"],
    "something unknown of the framing": ["unsupported-stanza-type", `<ajar xmlns='${framing}'/>`],
    "a stanza that says no namespace (§3.3.3)": ["unsupported-stanza-type", "<message/>"],
    "a prefix from another frame": ["not-well-formed", "<stream:features/>"],
  };
  for (const [name, [condition, frame]] of Object.entries(frames)) {
    test(`${name}: <${condition}/>, then <close/>`, async () => {
      const tybalt = await stage.login("tybalt", "hall", "webSocket");
      tybalt.send(frame);
      await tybalt.endsWith(condition);
      assert.equal(tybalt.closeCode, 1000);
      await stage.nobodyElseNotices();
    });
  }

  test("the same before login", async () => {
    for (const frame of [message.slice(0, 60), message + message, "</body>"]) {
      const tybalt = await stage.connect("webSocket");
      await tybalt.opens();
      tybalt.send(frame);
      await tybalt.endsWith("not-well-formed");
    }
  });

  test("the same instead of <open/>, after an <open/> of ours (§3.4)", async () => {
    const tybalt = await stage.connect("webSocket");
    tybalt.send("<open");
    await tybalt.receives(`<open xmlns='${framing}'`);
    await tybalt.endsWith("not-well-formed");
  });
});

test("white space behind a stanza does no harm", async () => {
  const tybalt = await stage.login("tybalt", "hall", "webSocket");
  tybalt.send(`${message}\n`);
  await tybalt.makesRoundTrip();
});

test("a binary frame closes the WebSocket with 1003 (RFC 7395 §3.2, RFC 6455 §7.4.1)", async () => {
  const tybalt = await stage.login("tybalt", "hall", "webSocket");
  tybalt.send(Buffer.from(message));
  await tybalt.ends();
  assert.equal(tybalt.closeCode, 1003);
  await stage.nobodyElseNotices();
});

test("whoever is closed so and does not answer is gone at once: what comes for it is kept", async () => {
  const romeo = await stage.enter("romeo");
  const juliet = await stage.enter("juliet", "balcony", "webSocket");
  juliet.send(`<presence xmlns='jabber:client' to='${romeo.jid}'/>`);
  await romeo.receives(/<presence [^>]*from='juliet@/);
  juliet.stopsReading();
  juliet.send(Buffer.from(message));
  await romeo.receives(/<presence [^>]*from='juliet@[^>]*type='unavailable'/);
  romeo.send(`<message type='chat' to='juliet@verona.example'><body>${secretBody} is kept</body></message>`);
  await romeo.makesRoundTrip();
  const returned = await stage.enter("juliet", "chamber");
  await returned.receives(`${secretBody} is kept`);
});

test("what is no UTF-8 closes the WebSocket with 1007 (RFC 6455 §8.1)", async () => {
  const tybalt = await stage.login("tybalt", "hall", "webSocket");
  tybalt.sendsText(Buffer.from("<message xmlns='jabber:client'>\xff</message>", "latin1"));
  await tybalt.ends();
  assert.equal(tybalt.closeCode, 1007);
  await stage.nobodyElseNotices();
});

describe("<open/> at the wrong time", () => {
  test("twice before login gets <bad-format/>", async () => {
    const tybalt = await stage.connect("webSocket");
    await tybalt.opens();
    tybalt.send(tybalt.header());
    await tybalt.endsWith("bad-format");
  });

  test("in a session gets <bad-format/>", async () => {
    const tybalt = await stage.login("tybalt", "hall", "webSocket");
    tybalt.send(tybalt.header());
    await tybalt.endsWith("bad-format");
  });

  test("not at all: a stanza first gets <bad-format/>", async () => {
    const tybalt = await stage.connect("webSocket");
    tybalt.send(message);
    await tybalt.endsWith("bad-format");
  });

  test("missing after success gets <not-authorized/> (RFC 6120 §6.4.6, §4.9.3.12)", async () => {
    await stage.account("tybalt");
    const tybalt = await stage.connect("webSocket");
    await tybalt.opens();
    tybalt.sendsPlain("tybalt", passwordOf("tybalt"));
    await tybalt.receives("<success");
    tybalt.send(message);
    await tybalt.endsWith("not-authorized");
  });
});

test("<open/> with what is no header of ours is judged like a stream header", async () => {
  const attributes: Readonly<Record<string, string>> = {
    [`to='mantua.example' version='1.0'`]: "host-unknown",
    [`version='1.0'`]: "improper-addressing",
    [`to='${host}'`]: "unsupported-version",
    [`to='${host}' version='0.9'`]: "unsupported-version",
  };
  for (const [attribute, condition] of Object.entries(attributes)) {
    const tybalt = await stage.connect("webSocket");
    tybalt.send(tybalt.header(attribute));
    await tybalt.endsWith(condition);
  }
});

test("<close/> is answered by <close/>, and what follows is not read (§3.6)", async () => {
  const tybalt = await stage.login("tybalt", "hall", "webSocket");
  tybalt.send(`<close xmlns='${framing}'/>`);
  tybalt.send(message + message);
  assert.equal(await tybalt.ends(), `<close xmlns='${framing}'/>`);
  assert.equal(tybalt.closeCode, 1000);
});

test("a WebSocket that breaks off without <close/> leaves nobody behind", async () => {
  const tybalt = await stage.enter("tybalt", "hall", "webSocket");
  tybalt.vanishes();
  await stage.nobodyElseNotices();
});
