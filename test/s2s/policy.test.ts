// What a host demands of another domain: its own options, then what the peer's table says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "../../src/config/config.js";
import { kind, option } from "../../src/config/option.js";
import { policyOf } from "../../src/s2s/policy.js";
import { keyed, sections } from "../../src/server/options.js";

const hosts = '\n[hosts."verona.example"]\n[hosts."venice.example"]\n';

function read(text: string) {
  return readConfig(text + hosts, "rookery.toml", { sections, keyed, extensions: [] });
}

function refusal(text: string, remote: string, local = "verona.example"): string | undefined {
  return policyOf(read(text), local, remote).refusal?.code;
}

test("unless said, everybody may be talked to who has a certificate", () => {
  const { refusal, ...demands } = policyOf(read(""), "verona.example", "mantua.example");
  assert.equal(refusal, undefined);
  assert.deepEqual(demands, { requiresTls: true, requiresCertificate: true, allowsDialback: true, targets: [] });
});

test("a list of blocked domains names them and the subdomains of patterns, no others", () => {
  const text = '[federation]\nblock = ["mantua.example", "*.padua.example"]\n';
  for (const blocked of ["mantua.example", "chat.padua.example", "a.b.padua.example"])
    assert.equal(refusal(text, blocked), "domain-blocked", blocked);
  for (const free of ["chat.mantua.example", "padua.example", "notpadua.example", "mantua.example.org"])
    assert.equal(refusal(text, free), undefined, free);
});

test("a list of allowed domains keeps all others out, and blocking is stronger", () => {
  const text = '[federation]\nallow = ["mantua.example", "*.padua.example"]\nblock = ["bad.padua.example"]\n';
  for (const free of ["mantua.example", "chat.padua.example"]) assert.equal(refusal(text, free), undefined, free);
  for (const blocked of ["padua.example", "venice.example.org", "bad.padua.example"])
    assert.equal(refusal(text, blocked), "domain-blocked", blocked);
});

test("one host may federate and another not", () => {
  const text = '[hosts."verona.example".federation]\nenabled = false\n[hosts."venice.example"]\n';
  const config = readConfig(text, "rookery.toml", { sections, keyed, extensions: [] });
  assert.equal(policyOf(config, "verona.example", "mantua.example").refusal?.code, "federation-disabled");
  assert.equal(policyOf(config, "venice.example", "mantua.example").refusal, undefined);
});

test("the refusal names both domains", () => {
  const { refusal } = policyOf(read('[federation]\nblock = ["mantua.example"]\n'), "verona.example", "mantua.example");
  assert.equal(refusal?.message, "verona.example does not exchange stanzas with mantua.example.");
});

test("a peer's table overrides what it says, and nothing else", () => {
  const text = '[federation]\nrequire_tls = false\n[peers."mantua.example"]\nrequire_certificate = false\n';
  const { refusal, ...demands } = policyOf(read(text), "verona.example", "mantua.example");
  assert.equal(refusal, undefined);
  assert.deepEqual(demands, { requiresTls: false, requiresCertificate: false, allowsDialback: true, targets: [] });
  assert.equal(policyOf(read(text), "verona.example", "padua.example").requiresCertificate, true);
});

test("a peer's table may stand inside a host, and counts for that host only", () => {
  const text =
    '[hosts."verona.example".peers."mantua.example"]\ntargets = ["10.0.0.1:5269"]\ndialback = false\n' +
    '[hosts."venice.example"]\n';
  const config = readConfig(text, "rookery.toml", { sections, keyed, extensions: [] });
  const verona = policyOf(config, "verona.example", "mantua.example");
  assert.deepEqual([verona.targets, verona.allowsDialback], [["10.0.0.1:5269"], false]);
  const venice = policyOf(config, "venice.example", "mantua.example");
  assert.deepEqual([venice.targets, venice.allowsDialback], [[], true]);
});

test("a domain of ours that is no host, as a component's, has the policy of the whole server", () => {
  const text = '[federation]\nblock = ["mantua.example"]\n';
  assert.equal(refusal(text, "mantua.example", "irc.verona.example"), "domain-blocked");
  assert.equal(refusal(text, "padua.example", "irc.verona.example"), undefined);
});

test("what an extension serves has the policy of the host that it belongs to", () => {
  const theatre = {
    name: "theatre",
    options: { address: option.optional(kind.string(), "Where.", '"globe.example.org"') },
    services: ({ address }: { readonly address?: string | undefined }, host: string) => [address ?? `globe.${host}`],
  };
  const text =
    '[federation]\nblock = ["padua.example"]\n[hosts."verona.example".federation]\nenabled = false\n' +
    '[hosts."venice.example".extensions.theatre]\naddress = "stage.example"\n';
  const config = readConfig(text, "rookery.toml", { sections, keyed, extensions: [theatre] });
  const codeOf = (local: string, remote: string) => policyOf(config, local, remote).refusal?.code;
  assert.equal(codeOf("globe.verona.example", "mantua.example"), "federation-disabled");
  assert.equal(codeOf("stage.example", "mantua.example"), undefined);
  assert.equal(codeOf("stage.example", "padua.example"), "domain-blocked");
});
