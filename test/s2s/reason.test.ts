// Why another server can't be reached: every reason has words, advice, somebody to act, and a condition for the sender.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LookupError } from "../../src/net/locator.js";
import { asFailure, FederationFailure, type ReasonCode, reasons } from "../../src/s2s/reason.js";
import { StanzaError } from "../../src/stanza/stanza-error.js";

const codes = Object.keys(reasons) as ReasonCode[];

test("every reason has advice in whole sentences, somebody to act, and an error that exists", () => {
  for (const code of codes) {
    const { advice, party, condition, isLasting } = reasons[code];
    assert.match(code, /^[a-z]+(-[a-z]+)+$/);
    assert.match(advice, /^[A-Z`].{20,}[.]$/, code);
    assert.ok(["us", "them", "network", "nobody"].includes(party), code);
    assert.equal(StanzaError.isCondition(condition), true, code);
    assert.equal(typeof isLasting, "boolean", code);
  }
});

test("reasons of one kind are of one kind", () => {
  for (const code of codes) {
    const { isLasting, condition } = reasons[code];
    if (/^(connection|queue|stream)-/.test(code)) assert.equal(isLasting, false, code);
    if (/^(certificate|authentication)-/.test(code)) assert.equal(isLasting, true, code);
    if (/-timeout$/.test(code)) assert.equal(condition, "remote-server-timeout", code);
  }
});

test("the codes are a promise: none is ever renamed or dropped", () => {
  const promised =
    "domain-blocked federation-disabled dns-not-found dns-no-service dns-failed dns-timeout connection-refused " +
    "connection-timeout connection-unreachable connection-failed connection-lost stream-timeout stream-not-xmpp " +
    "stream-error host-unknown tls-not-offered tls-refused tls-failed certificate-missing certificate-expired " +
    "certificate-not-yet-valid certificate-wrong-name certificate-untrusted certificate-wrong-usage " +
    "certificate-invalid authentication-not-offered authentication-refused dialback-invalid dialback-failed " +
    "queue-full queue-timeout stanza-too-large fate-unknown";
  for (const code of promised.split(" ")) assert.ok(Object.hasOwn(reasons, code), code);
});

test("the sender of a stanza reads which domain, which reason, and what happened", () => {
  const failure = new FederationFailure("certificate-expired", "The certificate expired yesterday.");
  const { condition, type, details } = failure.toStanzaError("verona.example");
  assert.deepEqual([condition, type], ["remote-server-timeout", "cancel"]);
  assert.equal(
    details.text,
    "verona.example could not be reached (certificate-expired): The certificate expired yesterday.",
  );
});

test("whatever is thrown becomes a failure with the code that it brings along", () => {
  const failure = new FederationFailure("host-unknown", "Who?");
  assert.equal(asFailure(failure), failure);
  const lookup = asFailure(new LookupError("dns-timeout", "No answer."));
  assert.deepEqual([lookup.code, lookup.message], ["dns-timeout", "No answer."]);
  for (const thrown of [new Error("EPIPE"), "EPIPE", Object.assign(new Error("EPIPE"), { problem: "toString" })]) {
    const { code, message } = asFailure(thrown);
    assert.deepEqual([code, message], ["connection-failed", "EPIPE"]);
  }
  assert.equal(asFailure(undefined).code, "connection-failed");
});
