// EXTERNAL: the certificate says who it is.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PeerCertificate } from "node:tls";
import { alternativeNamesIn } from "../../src/net/certificate-fields.js";
import type { SaslStep } from "../../src/auth/identity.js";
import { clientCertificate } from "../support/client-certificate.js";
import { channel, juliet, raiseCurtain, romeo, wordFor, type Stage } from "./stage.js";

function showing(...jids: readonly string[]) {
  // What the transport hands on has more fields; only the DER bytes are read.
  const certificate = { raw: clientCertificate(jids) } as PeerCertificate;
  return channel({ clientCertificate: () => certificate });
}

async function withBoth(): Promise<Stage> {
  const stage = raiseCurtain({ mechanisms: ["SCRAM-SHA-256", "EXTERNAL"] });
  await stage.accounts.create(romeo, "wherefore");
  await stage.accounts.create(juliet, "wherefore");
  return stage;
}

async function logIn({ verona }: Stage, on: ReturnType<typeof channel>, authzid = ""): Promise<SaslStep> {
  const exchange = verona.begin("EXTERNAL", on);
  assert.ok(exchange, "EXTERNAL is offered");
  return exchange.start(Buffer.from(authzid));
}

describe("A certificate with one JID", () => {
  test("logs its owner in", async () => {
    const identity = { user: "romeo", mechanism: "EXTERNAL", isAnonymous: false };
    const outcome = await logIn(await withBoth(), showing("Romeo@Verona.lit"));
    assert.deepEqual(outcome, { kind: "success", identity, data: undefined });
  });

  test("without initial data the server asks with an empty challenge", async () => {
    const { verona } = await withBoth();
    const exchange = verona.begin("EXTERNAL", showing("romeo@verona.lit"));
    assert.deepEqual(await exchange?.start(undefined), { kind: "challenge", data: Buffer.alloc(0) });
    assert.equal((await exchange?.respond(Buffer.alloc(0)))?.kind, "success");
  });

  for (const [authzid, expected] of [
    ["romeo@verona.lit", "success"],
    ["juliet@verona.lit", "invalid-authzid"],
    ["romeo@mantua.lit", "invalid-authzid"],
    ["romeo@verona.lit/orchard", "invalid-authzid"],
    ["romeo", "invalid-authzid"],
  ] as const) {
    test(`asking to be ${authzid}: ${expected}`, async () => {
      assert.equal(wordFor(await logIn(await withBoth(), showing("romeo@verona.lit"), authzid)), expected);
    });
  }

  test("whose account is disabled", async () => {
    const stage = await withBoth();
    await stage.accounts.disable(romeo);
    assert.equal(wordFor(await logIn(stage, showing("romeo@verona.lit"))), "account-disabled");
  });

  test("whose account is not there", async () => {
    assert.equal(wordFor(await logIn(await withBoth(), showing("mab@verona.lit"))), "not-authorized");
  });

  test("and an authorization identity that is no text", async () => {
    const { verona } = await withBoth();
    const step = await verona.begin("EXTERNAL", showing("romeo@verona.lit"))?.start(Buffer.from([0xff]));
    assert.ok(step && wordFor(step) === "malformed-request");
  });
});

describe("A certificate with several JIDs (XEP-0178 §2)", () => {
  const both = () => showing("romeo@verona.lit", "juliet@verona.lit");

  test("must be told which", async () => {
    assert.equal(wordFor(await logIn(await withBoth(), both())), "invalid-authzid");
  });

  test("logs in the one that was asked for", async () => {
    const outcome = await logIn(await withBoth(), both(), "juliet@verona.lit");
    assert.equal(outcome.kind === "success" && outcome.identity.user, "juliet");
  });

  test("of which one is of this host needs no telling", async () => {
    const outcome = await logIn(await withBoth(), showing("romeo@mantua.lit", "romeo@verona.lit", "ROMEO@verona.lit"));
    assert.equal(outcome.kind === "success" && outcome.identity.user, "romeo");
  });
});

describe("EXTERNAL is not offered", () => {
  test("unless the host allows it", () => {
    assert.ok(!raiseCurtain().verona.mechanisms(showing("romeo@verona.lit")).includes("EXTERNAL"));
  });

  const offers = async (on: ReturnType<typeof channel>) =>
    (await withBoth()).verona.mechanisms(on).includes("EXTERNAL");

  test("without a certificate", async () => assert.equal(await offers(channel()), false));
  test("for a certificate without a JID", async () => assert.equal(await offers(showing()), false));
  test("for one of another host", async () => assert.equal(await offers(showing("romeo@mantua.lit")), false));
  test("but it is for one of this host, first of all", async () => {
    const { verona } = await withBoth();
    assert.equal(verona.mechanisms(showing("romeo@verona.lit"))[0], "EXTERNAL");
  });
});

describe("Reading certificates", () => {
  test("names beyond ASCII", () => {
    assert.deepEqual(alternativeNamesIn(clientCertificate(["café@verona.lit"])).xmpp, ["café@verona.lit"]);
  });

  test("rubbish names nobody", () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from("wherefore"), Buffer.alloc(5000, 0x30)]) {
      assert.deepEqual(alternativeNamesIn(bytes).xmpp, []);
    }
  });

  test("a certificate cut or changed anywhere never throws", () => {
    const whole = clientCertificate(["romeo@verona.lit"]);
    for (let at = 0; at < whole.length; at += 7) {
      const changed = Buffer.from(whole);
      changed.writeUInt8(whole.readUInt8(at) ^ 0xff, at);
      assert.ok(alternativeNamesIn(changed).xmpp.length <= 1);
      assert.deepEqual(alternativeNamesIn(whole.subarray(0, at)).xmpp, []);
    }
  });
});
