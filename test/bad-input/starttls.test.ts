// Plaintext injected around STARTTLS: nothing that came in clear counts once TLS stands (RFC 6120 §5.4.3.3).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { saslNamespace } from "../support/raw-client.js";
import { passwordOf, rawStage } from "../support/raw-stage.js";

const stage = rawStage();
const startTls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const plain = Buffer.from(`\0tybalt\0${passwordOf("tybalt")}`).toString("base64");
const auth = `<auth xmlns='${saslNamespace}' mechanism='PLAIN'>${plain}</auth>`;
const header =
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='verona.example' version='1.0'>";

test("in clear nothing is offered but STARTTLS, which is required (§5.3.1)", async () => {
  const tybalt = await stage.connect("starttls");
  const features = await tybalt.opens();
  assert.match(features, /<starttls [^>]*><required\/><\/starttls><\/stream:features>$/);
  assert.doesNotMatch(features, /mechanism/);
});

describe("injected behind <starttls/>, in the same packet,", () => {
  const injections: Readonly<Record<string, string>> = {
    "a header, a login and a stanza": `${header}${auth}<message/>`,
    "half a stanza": "<message><body>",
    "white space": "   \n",
    rubbish: "&&&&",
    "another <starttls/>": startTls,
    "the end of the stream": "</stream:stream>",
  };
  for (const [name, injected] of Object.entries(injections)) {
    test(`${name} is dropped unread`, async () => {
      await stage.account("tybalt");
      const tybalt = await stage.connect("starttls");
      await tybalt.opens();
      tybalt.send(startTls + injected);
      await tybalt.receives("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
      assert.equal(tybalt.unread, "");
      await tybalt.upgrades();
      await tybalt.authenticates("tybalt", passwordOf("tybalt"));
      await tybalt.binds("hall");
      await tybalt.makesRoundTrip();
      await stage.nobodyElseNotices();
    });
  }
});

test("injected before <starttls/>, a login in clear gets <not-authorized/> unheard (§4.9.3.12)", async () => {
  await stage.account("tybalt");
  const tybalt = await stage.connect("starttls");
  await tybalt.opens();
  tybalt.send(auth + startTls);
  await tybalt.endsWith("not-authorized");
  assert.doesNotMatch(tybalt.heard, /<success|<proceed/);
});

test("what was said in clear before is forgotten: the stream begins anew inside TLS", async () => {
  const tybalt = await stage.connect("starttls");
  await tybalt.opens();
  await tybalt.startsTls();
  tybalt.send("<message/>");
  await tybalt.endsWith("invalid-namespace");
});

test("<starttls/> inside TLS gets <failure/> and the end (§5.4.2.2)", async () => {
  for (const place of ["tls", "starttls"] as const) {
    const tybalt = await stage.connect(place);
    await tybalt.opens();
    if (place === "starttls") {
      await tybalt.startsTls();
      await tybalt.opens();
    }
    tybalt.send(startTls);
    assert.equal(await tybalt.ends(), "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>");
  }
});

test("<starttls/> over WebSocket gets <failure/> and the end (RFC 7395 §3.9)", async () => {
  const tybalt = await stage.connect("webSocket");
  await tybalt.opens();
  tybalt.send(startTls);
  assert.match(await tybalt.ends(), /^<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'\/><close [^>]*\/>$/);
});

test("who says <starttls/> and then no TLS is cut off, without XML (§5.4.3.2)", async () => {
  const tybalt = await stage.connect("starttls");
  await tybalt.opens();
  tybalt.send(startTls);
  await tybalt.receives("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  tybalt.send(header);
  assert.equal(await tybalt.ends(), "");
  await stage.nobodyElseNotices();
});
