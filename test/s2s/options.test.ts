// The options of federation: which values they take, and what a peer's table overrides.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "../../src/config/config.js";
import { OptionError } from "../../src/config/option.js";
import { dnsServer, target } from "../../src/s2s/endpoint-kinds.js";
import { dnsOptions, federationOptions, peerOptions, serverOptions } from "../../src/s2s/options.js";
import { keyed, sections } from "../../src/server/options.js";

function read(text: string) {
  return readConfig(text, "rookery.toml", { sections, keyed, extensions: [] });
}

test("targets are a host and a port", () => {
  for (const good of [
    "10.0.0.1:5269",
    "[::1]:5269",
    "tls:xmpp.mantua.example:5270",
    "tls:[2001:db8::1]:1",
    "köln.example:65535",
  ]) {
    assert.equal(target.read(good), good);
  }
  const wrong = [
    "",
    "mantua.example",
    "::1:5269",
    "[::1]",
    "[10.0.0.1]:5269",
    "mantua.example:0",
    "mantua.example:65536",
  ];
  for (const bad of [
    ...wrong,
    "-mantua.example:5269",
    "ssl:mantua.example:5269",
    "mantua.example:5269 ",
    "a b:5269",
    5269,
  ]) {
    assert.throws(() => target.read(bad), OptionError, String(bad));
  }
});

test("DNS servers are addresses, with a port or without", () => {
  for (const good of ["127.0.0.1", "127.0.0.1:5353", "::1", "[::1]:5353"]) assert.equal(dnsServer.read(good), good);
  for (const bad of ["", "dns.example", "dns.example:53", "127.0.0.1:", "127.0.0.1:0", "[::1]", "[127.0.0.1]:53", 53]) {
    assert.throws(() => dnsServer.read(bad), OptionError, String(bad));
  }
});

test("allowed and blocked domains are prepared, and may stand for subdomains", () => {
  const config = read(`
    [federation]
    allow = ["*.Mantua.example", "PADUA.example"]
    block = ["xn--kln-sna.example"]
    [hosts."verona.example"]
    federation.enabled = false
    [hosts."venice.example"]
  `);
  const [verona, venice] = config.hosts.map(({ values }) => values(federationOptions));
  assert.deepEqual(venice?.allow, ["*.mantua.example", "padua.example"]);
  assert.deepEqual(venice.block, ["köln.example"]);
  assert.deepEqual([verona?.enabled, venice.enabled], [false, true]);
  for (const wrong of ["*", "*.", "mantua.*", "*.*.example", "a.*.example"]) {
    const text = `[hosts.localhost]\n[federation]\nallow = [${JSON.stringify(wrong)}]`;
    assert.throws(() => read(text), /allow: found .*, allowed: list of: domain such as/, wrong);
  }
});

test("a peer's table says only what is different", () => {
  const config = read(`
    [peers."mantua.example"]
    require_certificate = false
    targets = ["10.0.0.1:5269"]
    [hosts."verona.example"]
  `);
  assert.deepEqual(config.hosts[0]?.tables(peerOptions).get("mantua.example"), {
    require_tls: undefined,
    require_certificate: false,
    dialback: undefined,
    targets: ["10.0.0.1:5269"],
  });
});

test("limits stand for the whole server", () => {
  const config = read("[hosts.localhost]");
  const { rate, back_off, back_off_limit } = config.values(serverOptions);
  assert.deepEqual([rate, back_off, back_off_limit], [20_971_520, 1000, 600_000]);
  assert.deepEqual(config.values(dnsOptions), { servers: [], timeout: 5000 });
});
