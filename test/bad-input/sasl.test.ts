// SASL out of order, out of alphabet and out of good faith (RFC 6120 §6, RFC 5802).
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { type RawClient, saslNamespace } from "../support/raw-client.js";
import { passwordOf, rawStage } from "../support/raw-stage.js";
import { ScramClient } from "../support/scram-client.js";

const stage = rawStage();
/** Somebody else in each test, so that the throttle has nothing to slow down. */
let name = "tybalt";
let tests = 0;
beforeEach(async () => {
  name = `tybalt${(tests += 1)}`;
  await stage.account("tybalt");
  await stage.account(name);
});

function element(name: string, data = "", attributes = ""): string {
  return `<${name} xmlns='${saslNamespace}'${attributes}>${data}</${name}>`;
}

function auth(mechanism: string, data: Buffer | string = ""): string {
  const text = typeof data === "string" ? data : data.toString("base64");
  return element("auth", text, ` mechanism='${mechanism}'`);
}

const plain = (user = name, password = passwordOf(user), authzid = ""): Buffer =>
  Buffer.from(`${authzid}\0${user}\0${password}`);

async function opened(place: "trusted" | "webSocket" | "tls" = "trusted"): Promise<RawClient> {
  const tybalt = await stage.connect(place);
  await tybalt.opens();
  return tybalt;
}

async function failsWith(client: RawClient, condition: string): Promise<void> {
  const [, found] = await client.receives(
    /<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><([a-z-]+)\/>.*?<\/failure>/s,
  );
  assert.equal(found, condition);
}

/** RFC 6120 §6.4.5: after a failure the client may try again on the same stream. */
async function mayTryAgain(client: RawClient): Promise<void> {
  client.send(auth("PLAIN", plain()));
  await client.receives("<success");
  await client.opens();
  await client.binds("hall");
  await client.makesRoundTrip();
  await stage.nobodyElseNotices();
}

/** Begins a SCRAM exchange; resolves with the server's first message. */
async function challenged(client: RawClient, scram: ScramClient): Promise<Buffer> {
  client.send(auth("SCRAM-SHA-256", scram.first()));
  const [, data = ""] = await client.receives(/<challenge[^>]*>([^<]*)<\/challenge>/);
  return Buffer.from(data, "base64");
}

const scramOf = (parts: { user?: string; password?: string; binding?: "n" | "y" } = {}): ScramClient =>
  new ScramClient({ user: name, password: passwordOf(name), hash: "sha256", ...parts });

describe("one step out of turn fails, and the next try is heard (§6.5)", () => {
  const steps: Readonly<Record<string, readonly [condition: string, xml: string]>> = {
    "a response without <auth/> (§6.5.8)": ["malformed-request", element("response", "AA==")],
    "an abort without <auth/> (§6.5.1)": ["aborted", element("abort")],
    "a mechanism that is not offered (§6.5.7)": ["invalid-mechanism", auth("CRAM-MD5")],
    "no mechanism (§6.5.7)": ["invalid-mechanism", element("auth")],
    "EXTERNAL without a certificate (§6.5.7)": ["invalid-mechanism", auth("EXTERNAL", "=")],
    "-PLUS where no channel can be bound (§6.5.7)": ["invalid-mechanism", auth("SCRAM-SHA-256-PLUS", "=")],
    "what is no base64 (§6.5.5)": ["incorrect-encoding", auth("PLAIN", "my&amp;bounty!")],
    "base64 with a line break (§6.5.5)": ["incorrect-encoding", auth("PLAIN", "AHR5\nYmFsdA==")],
    "base64 without its padding (§6.5.5)": ["incorrect-encoding", auth("PLAIN", "AHR5YmFsdA")],
    "padding within base64 (§6.5.5)": ["incorrect-encoding", auth("PLAIN", "AA==AAAA")],
    "PLAIN without separators (RFC 4616 §2)": ["malformed-request", auth("PLAIN", Buffer.from("tybalt"))],
    "PLAIN that is no UTF-8 (RFC 4616 §2)": [
      "malformed-request",
      auth("PLAIN", Buffer.from("\0tybalt\0\xff", "latin1")),
    ],
    "PLAIN with empty fields (RFC 4616 §2)": ["malformed-request", auth("PLAIN", Buffer.from("\0\0"))],
    "SCRAM without a nonce (RFC 5802 §7)": ["malformed-request", auth("SCRAM-SHA-256", Buffer.from("n,,n=tybalt"))],
    "SCRAM without a gs2 header (RFC 5802 §7)": [
      "malformed-request",
      auth("SCRAM-SHA-256", Buffer.from("n=tybalt,r=abc")),
    ],
    "SCRAM with an unknown binding (RFC 5802 §6)": [
      "malformed-request",
      auth("SCRAM-SHA-256", Buffer.from("p=tls-unique,,n=tybalt,r=abc")),
    ],
    "SCRAM with a mandatory extension (RFC 5802 §5.1)": [
      "malformed-request",
      auth("SCRAM-SHA-256", Buffer.from("n,,m=x,n=tybalt,r=abc")),
    ],
    "somebody else's name beside one's own (§6.3.8)": [
      "invalid-authzid",
      auth("PLAIN", plain(undefined, undefined, "benvolio@verona.example")),
    ],
    "a wrong password (§6.5.10)": ["not-authorized", auth("PLAIN", plain(undefined, "wrong"))],
    "a name that nobody has (§6.5.10)": ["not-authorized", auth("PLAIN", plain("rosaline"))],
  };
  for (const [name, [condition, xml]] of Object.entries(steps)) {
    test(`${name}: <${condition}/>`, async () => {
      const tybalt = await opened();
      tybalt.send(xml);
      await failsWith(tybalt, condition);
      await mayTryAgain(tybalt);
    });
  }
});

describe("in the middle of an exchange", () => {
  test("another <auth/> discards it and begins anew (§6.4.2)", async () => {
    const tybalt = await opened();
    const scram = scramOf();
    const first = await challenged(tybalt, scram);
    await challenged(tybalt, scramOf());
    tybalt.send(element("response", scram.final(first).toString("base64")));
    await failsWith(tybalt, "not-authorized");
    await mayTryAgain(tybalt);
  });

  test("an abort ends it (§6.4.4), and what was proved so far counts for nothing", async () => {
    const tybalt = await opened();
    const scram = scramOf();
    const first = await challenged(tybalt, scram);
    tybalt.send(element("abort"));
    await failsWith(tybalt, "aborted");
    tybalt.send(element("response", scram.final(first).toString("base64")));
    await failsWith(tybalt, "malformed-request");
    await mayTryAgain(tybalt);
  });

  test("a stanza gets <not-authorized/> (§4.9.3.12)", async () => {
    const tybalt = await opened();
    await challenged(tybalt, scramOf());
    tybalt.send("<message/>");
    await tybalt.endsWith("not-authorized");
  });

  test("what is no base64 fails with <incorrect-encoding/>", async () => {
    const tybalt = await opened();
    await challenged(tybalt, scramOf());
    tybalt.send(element("response", "%%%"));
    await failsWith(tybalt, "incorrect-encoding");
    await mayTryAgain(tybalt);
  });

  test("a nonce that is not the server's fails with <not-authorized/> (RFC 5802 §5.1)", async () => {
    const tybalt = await opened();
    const scram = scramOf();
    const first = await challenged(tybalt, scram);
    tybalt.send(element("response", scram.final(first, { nonce: "fyko+d2lbbFgONRv9qkxdawL" }).toString("base64")));
    await failsWith(tybalt, "not-authorized");
    await mayTryAgain(tybalt);
  });

  test("an answer that was right once is wrong the second time (replay)", async () => {
    const tybalt = await opened();
    const scram = scramOf();
    const first = await challenged(tybalt, scram);
    const final = element("response", scram.final(first).toString("base64"));
    tybalt.send(final);
    await tybalt.receives("<success");
    const thief = await opened();
    await challenged(thief, scramOf());
    thief.send(final);
    await failsWith(thief, "not-authorized");
  });

  test("two steps in one packet: each is heard in its turn", async () => {
    const tybalt = await opened();
    tybalt.send(auth("SCRAM-SHA-256", scramOf().first()) + element("abort"));
    await tybalt.receives("<challenge");
    await failsWith(tybalt, "aborted");
    await mayTryAgain(tybalt);
  });
});

test("gs2 flag 'y' where -PLUS was offered is a downgrade: <not-authorized/> (RFC 5802 §6)", async () => {
  const tybalt = await opened("tls");
  assert.match(tybalt.heard, /SCRAM-SHA-256-PLUS/);
  const scram = scramOf({ binding: "y" });
  tybalt.send(auth("SCRAM-SHA-256", scram.first()));
  await failsWith(tybalt, "not-authorized");
  await mayTryAgain(tybalt);
});

test("the sixth failure ends the stream: five retries, the most that is recommended (§6.4.5, §13.12)", async () => {
  const tybalt = await opened();
  for (let tries = 0; tries < 5; tries += 1) {
    tybalt.send(auth("PLAIN", plain(undefined, "wrong")));
    await failsWith(tybalt, "not-authorized");
  }
  tybalt.send(auth("PLAIN", plain(undefined, "wrong")));
  await tybalt.endsWith("policy-violation");
});

test("more tries in one packet than are allowed: only the allowed ones are heard", async () => {
  const tybalt = await opened();
  tybalt.send(auth("PLAIN", plain(undefined, "wrong")).repeat(100) + auth("PLAIN", plain()));
  await tybalt.endsWith("policy-violation");
  assert.equal(tybalt.heard.split("<failure").length - 1, 6);
  assert.doesNotMatch(tybalt.heard, /<success/);
});

describe("after success", () => {
  test("<auth/> instead of a new header is no header (§6.4.6)", async () => {
    const tybalt = await opened();
    tybalt.send(auth("PLAIN", plain()) + auth("PLAIN", plain()));
    await tybalt.receives("<success");
    await tybalt.endsWith("invalid-namespace");
  });

  test("<auth/> on the new stream gets <not-authorized/>: a resource is due (§6.4.6, §7.1)", async () => {
    const tybalt = await stage.authenticated(name);
    tybalt.send(auth("PLAIN", plain()));
    await tybalt.endsWith("not-authorized");
  });

  test("<auth/> in a session gets <unsupported-stanza-type/> (§4.9.3.24)", async () => {
    const tybalt = await stage.login(name);
    tybalt.send(auth("PLAIN", plain("benvolio")));
    await tybalt.endsWith("unsupported-stanza-type");
    await stage.nobodyElseNotices();
  });

  test("the mechanisms are offered no more", async () => {
    const tybalt = await stage.authenticated(name);
    assert.doesNotMatch(tybalt.heard.split("<success")[1] ?? "<mechanism", /mechanism/);
  });
});

test("something else in the SASL namespace gets <unsupported-stanza-type/> (§4.9.3.24)", async () => {
  const tybalt = await opened();
  tybalt.send(element("challenge", "AA=="));
  await tybalt.endsWith("unsupported-stanza-type");
});
