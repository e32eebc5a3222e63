// Which mechanisms a host offers on which channel.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AuthenticationBackend } from "../../src/auth/backend.js";
import { channel, END_POINT, inClear, raiseCurtain, VERONA } from "./stage.js";

const PLUS = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS"];
const SCRAM = ["SCRAM-SHA-256", "SCRAM-SHA-1"];

describe("Mechanisms, strongest first", () => {
  test("inside TLS", () => {
    assert.deepEqual(raiseCurtain().verona.mechanisms(channel()), [...PLUS, ...SCRAM, "PLAIN"]);
  });

  test("in clear: nothing bound, no PLAIN", () => {
    assert.deepEqual(raiseCurtain().verona.mechanisms(inClear), SCRAM);
  });

  test("behind a proxy that the operator trusts: PLAIN, but nothing to bind to", () => {
    const on = channel({ channelBinding: () => undefined });
    assert.deepEqual(raiseCurtain().verona.mechanisms(on), [...SCRAM, "PLAIN"]);
  });

  test("only those that the host allows", () => {
    const { verona } = raiseCurtain({ mechanisms: ["PLAIN", "SCRAM-SHA-256"] });
    assert.deepEqual(verona.mechanisms(channel()), ["SCRAM-SHA-256", "PLAIN"]);
    assert.equal(verona.begin("SCRAM-SHA-1", channel()), undefined);
  });

  test("only those that the source of credentials can serve", () => {
    const directory: AuthenticationBackend = {
      checkPassword: async () => "accepted",
      standing: async () => "active",
    };
    assert.deepEqual(raiseCurtain().authenticator(VERONA, directory).mechanisms(channel()), ["PLAIN"]);
  });

  for (const name of ["DIGEST-MD5", "scram-sha-256", "", "constructor", "EXTERNAL", "ANONYMOUS"]) {
    test(`"${name}" is none of them`, () => {
      assert.equal(raiseCurtain().verona.begin(name, channel()), undefined);
    });
  }
});

describe("Channel bindings (XEP-0440)", () => {
  test("TLS 1.3: both types", () => {
    assert.deepEqual(raiseCurtain().verona.channelBindings(channel()), ["tls-exporter", "tls-server-end-point"]);
  });

  test("TLS 1.2: the certificate's", () => {
    const on = channel({ channelBinding: (type) => (type === "tls-exporter" ? undefined : END_POINT) });
    assert.deepEqual(raiseCurtain().verona.channelBindings(on), ["tls-server-end-point"]);
  });

  test("none in clear, and none where no -PLUS mechanism is allowed", () => {
    assert.deepEqual(raiseCurtain().verona.channelBindings(inClear), []);
    assert.deepEqual(raiseCurtain({ mechanisms: SCRAM }).verona.channelBindings(channel()), []);
  });
});

describe("ANONYMOUS", () => {
  test("is there only where the host asks for it, and last", () => {
    assert.equal(raiseCurtain({ anonymous: true }).verona.mechanisms(channel()).at(-1), "ANONYMOUS");
    assert.ok(!raiseCurtain().verona.mechanisms(channel()).includes("ANONYMOUS"));
  });

  test("gives everybody another name, whatever trace they leave", async () => {
    const { verona } = raiseCurtain({ anonymous: true });
    const users = new Set<string>();
    for (const trace of [undefined, Buffer.alloc(0), Buffer.from("romeo")]) {
      const step = await verona.begin("ANONYMOUS", inClear)?.start(trace);
      assert.ok(step?.kind === "success" && step.identity.isAnonymous);
      assert.match(step.identity.user, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      users.add(step.identity.user);
    }
    assert.equal(users.size, 3);
  });

  test("asks nothing, so no answer belongs to it", async () => {
    const step = await raiseCurtain({ anonymous: true }).verona.begin("ANONYMOUS", channel())?.respond(Buffer.alloc(0));
    assert.deepEqual(step, { kind: "failure", condition: "malformed-request", text: "Nothing was asked." });
  });
});
