// Domains that extensions serve beside their hosts': whose they are, and that nobody else has them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "../../src/config/config.js";
import { domainName } from "../../src/config/host-name.js";
import { kind, option } from "../../src/config/option.js";
import { ConfigError } from "../../src/config/problem.js";
import { componentOptions } from "../../src/component/options.js";
import { extension } from "../../src/extension/declaration.js";

const theatre = extension({
  name: "theatre",
  sentence: "Plays.",
  options: { address: option.optional(kind.string(), "Where.", '"globe.example.org"') },
  services: ({ address }, host) => [address ?? `globe.${host}`],
  start: () => undefined,
});
const garden = extension({
  name: "garden",
  sentence: "Grows.",
  isOffByDefault: true,
  options: { address: option.optional(domainName, "Where.", '"garden.example.org"') },
  services: ({ address }, host) => [address ?? `garden.${host}`, `orchard.${host}`],
  start: () => undefined,
});

function read(text: string) {
  return readConfig(text, "rookery.toml", { sections: [], keyed: [componentOptions], extensions: [theatre, garden] });
}

function mistakes(text: string): readonly string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

test("a host has the services of the extensions that run on it", () => {
  const config = read(`
    [hosts."verona.example"]
    extensions.garden.enabled = true
    [hosts."Venice.example".extensions.theatre]
    address = "Stage.example"
    [hosts."padua.example".extensions.theatre]
    enabled = false
  `);
  const services = config.hosts.map((host) => host.services.map(({ domain, extension }) => `${extension} ${domain}`));
  assert.deepEqual(services, [
    ["theatre globe.verona.example", "garden garden.verona.example", "garden orchard.verona.example"],
    ["theatre stage.example"],
    [],
  ]);
  const hostServing = (domain: string) => config.hostServing(domain)?.domain;
  assert.equal(hostServing("orchard.verona.example"), "verona.example");
  assert.equal(hostServing("stage.example"), "venice.example");
  assert.equal(hostServing("venice.example"), "venice.example");
  assert.equal(hostServing("globe.padua.example"), undefined);
  assert.equal(config.host("stage.example"), undefined);
});

test("an address that a host, a component or another service has is refused, with what to do", () => {
  const text = `[components."irc.verona.example"]
secret = "a rose"
[extensions.theatre]
address = "irc.verona.example"
[hosts."verona.example"]
[hosts."venice.example".extensions.theatre]
address = "Verona.example"
[hosts."padua.example".extensions]
theatre.address = "garden.padua.example"
garden.enabled = true
[hosts."mantua.example".extensions]
theatre.address = "orchard.padua.example"
[hosts."rome.example".extensions.theatre]
address = "a b"
`;
  const advice = "; set another address here, or enabled = false";
  assert.deepEqual(mistakes(text), [
    `rookery.toml:5: hosts."verona.example".extensions.theatre: its address irc.verona.example is taken by components."irc.verona.example"${advice}`,
    `rookery.toml:6: hosts."venice.example".extensions.theatre: its address verona.example is taken by the host verona.example${advice}`,
    `rookery.toml:10: hosts."padua.example".extensions.garden: its address garden.padua.example is taken by the extension theatre of padua.example${advice}`,
    `rookery.toml:12: hosts."mantua.example".extensions.theatre: its address orchard.padua.example is taken by the extension garden of padua.example${advice}`,
    `rookery.toml:13: hosts."rome.example".extensions.theatre: "a b", its address, is no domain${advice}`,
  ]);
});

test("one address for all hosts is one too many", () => {
  const text = '[extensions.theatre]\naddress = "globe.example"\n[hosts."verona.example"]\n[hosts."venice.example"]\n';
  const [mistake = "", ...more] = mistakes(text);
  assert.match(
    mistake,
    /:4: hosts\."venice\.example".*globe\.example is taken by the extension theatre of verona\.example/,
  );
  assert.deepEqual(more, []);
});
