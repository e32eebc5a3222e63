// Each step of the way to another server, in words that stand by themselves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FederationFailure } from "../../src/s2s/reason.js";
import { reportedFailure, reportOf } from "../../src/s2s/report.js";
import type { WalkStep } from "../../src/s2s/walk.js";
import { issue, makeAuthority } from "../net/support/authority.js";

type Lookup = Extract<WalkStep, { step: "lookup" }>["lookup"];
type Connect = Extract<WalkStep, { step: "connect" }>["connect"];

const domain = "verona.example";
const target = { host: "xmpp.verona.example", port: 5269, isDirectTls: false, source: "srv" } as const;

function lookup(facts: Partial<Lookup>) {
  const whole = { question: "verona.example A", answers: [], milliseconds: 3.6, isCached: false, ...facts };
  return reportOf({ step: "lookup", lookup: whole }, domain);
}

function connect(facts: Partial<Connect>) {
  const whole = { target, address: "192.0.2.1", outcome: "connected", milliseconds: 12.2, ...facts } as const;
  return reportOf({ step: "connect", connect: whole }, domain);
}

test("what DNS says, and that it says nothing", () => {
  const found = lookup({ answers: ["192.0.2.1"] });
  assert.deepEqual(found, {
    step: "lookup",
    outcome: "good",
    text: "DNS verona.example A (4 ms)",
    details: ["192.0.2.1"],
  });
  const outcomes = (["dns-not-found", "dns-no-service", "dns-failed", "dns-timeout"] as const).map((problem) => {
    const { outcome, text } = lookup({ problem });
    return `${outcome} ${text}`;
  });
  assert.deepEqual(outcomes, [
    "neutral DNS verona.example A: no records (4 ms)",
    "neutral DNS verona.example A: there is no such service (4 ms)",
    "bad DNS verona.example A: the name servers could not say (4 ms)",
    "bad DNS verona.example A: the name servers did not answer (4 ms)",
  ]);
  assert.equal(lookup({}).text, "DNS verona.example A: no records (4 ms)");
});

test("where to go, and where that is known from", () => {
  const targets = [
    target,
    { ...target, port: 5270, isDirectTls: true },
    { ...target, host: domain, source: "address" },
    { ...target, host: "10.0.0.1", source: "configured" },
  ] as const;
  const { text, details } = reportOf({ step: "targets", targets }, domain);
  assert.equal(text, "To be tried in this order: 4");
  assert.deepEqual(details, [
    "xmpp.verona.example port 5269, STARTTLS",
    "xmpp.verona.example port 5270, TLS from the first byte",
    "verona.example port 5269, STARTTLS (no SRV records: the domain itself)",
    "10.0.0.1 port 5269, STARTTLS (from [peers])",
  ]);
});

test("connections that are made, and those that are not", () => {
  const place = "192.0.2.1 port 5269 (xmpp.verona.example)";
  assert.equal(connect({}).text, `Connected to ${place} in 12 ms`);
  assert.equal(connect({ outcome: "timeout", text: "ETIMEDOUT" }).text, `${place}: no answer within 12 ms`);
  assert.deepEqual(connect({ outcome: "refused", text: "ECONNREFUSED" }).details, []);
  assert.deepEqual(connect({ outcome: "failed", text: "EMFILE" }).details, ["EMFILE"]);
  assert.deepEqual([connect({ outcome: "abandoned" }).outcome, connect({ outcome: "unreachable" }).outcome], ["neutral", "bad"]); // prettier-ignore
  assert.equal(connect({ address: "xmpp.verona.example" }).text, "Connected to xmpp.verona.example port 5269 in 12 ms");
});

test("what a stream offers", () => {
  const nothing = {
    hasDialback: false,
    hasBidi: false,
    hasManagement: false,
    mostBytes: undefined,
    idleSeconds: undefined,
  };
  const bare = { tls: undefined, mechanisms: [], ...nothing };
  const step = (isEncrypted: boolean, features = {}) =>
    reportOf({ step: "stream", isEncrypted, features: { ...bare, ...features } }, domain);
  assert.deepEqual(step(false).details, ["offered: nothing"]);
  assert.equal(step(false).text, "Stream opened, in clear");
  const all = { tls: "required", mechanisms: ["EXTERNAL"], hasDialback: true, hasBidi: true, hasManagement: true, mostBytes: 10_000 }; // prettier-ignore
  const offers =
    "STARTTLS (required), SASL EXTERNAL, dialback, stanzas both ways on one stream, acknowledgements, " +
    "stanzas of at most 10000 bytes";
  assert.deepEqual(step(true, all).details, [`offered: ${offers}`]);
});

test("certificates: whose they are, how long they are good, and whether they are believed", () => {
  const authority = makeAuthority("The Prince");
  const { certificate } = issue(authority, { dns: [domain], srv: [`_xmpp-server.${domain}`], usages: ["serverAuth"] });
  const chain = [certificate, authority.certificate];
  const tls = { step: "tls", protocol: "TLSv1.3", cipher: "AES", chain } as const;
  const good = reportOf({ ...tls, proof: { by: "certificate", problem: undefined } }, domain);
  assert.deepEqual([good.outcome, good.text], ["good", "TLSv1.3 AES; the certificate is valid for verona.example"]);
  assert.equal(good.details[0], "certificate: CN=verona.example for verona.example, _xmpp-server.verona.example");
  assert.match(good.details[1] ?? "", /^ {2}valid from .* to .*; for serverAuth$/);
  assert.equal(good.details[2], "  signed by CN=The Prince");
  assert.equal(good.details[3], "sent along: CN=The Prince");
  const posh = reportOf({ ...tls, proof: { by: "posh", problem: undefined } }, domain);
  assert.match(posh.text, /valid for verona\.example \(named by the domain over HTTPS, RFC 7711\)$/);
  const problem = new FederationFailure("certificate-expired", "It expired yesterday.");
  const bad = reportOf({ ...tls, proof: { by: "nothing", problem } }, domain);
  assert.deepEqual([bad.outcome, bad.text], ["bad", "TLSv1.3 AES; It expired yesterday."]);
});

test("whether they believe us", () => {
  const step = (method: "EXTERNAL" | "dialback", outcome: string) =>
    reportOf({ step: "authentication", method, outcome }, domain);
  assert.equal(step("EXTERNAL", "accepted").outcome, "good");
  const refused = step("dialback", "invalid");
  assert.equal(refused.outcome, "bad");
  assert.equal(refused.text, "verona.example does not believe us by dialback (asking our own server): invalid");
});

test("a failure brings its reason, its words, advice, and who has to act", () => {
  const failure = new FederationFailure("tls-not-offered", "No TLS.");
  assert.deepEqual(reportOf({ step: "failure", failure }, domain), {
    step: "failure",
    outcome: "bad",
    text: "No TLS.",
    details: [],
  });
  const { reason, text, advice, party } = reportedFailure(failure);
  assert.deepEqual([reason, text, party], ["tls-not-offered", "No TLS.", "them"]);
  assert.equal(advice, failure.reason.advice);
});
