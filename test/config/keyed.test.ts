// Tables whose keys the operator chooses: one for each peer, one for each component.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "../../src/config/config.js";
import { domainName } from "../../src/config/host-name.js";
import { keyedSection, kind, option } from "../../src/config/option.js";
import { ConfigError } from "../../src/config/problem.js";

const peers = keyedSection({
  name: "peers",
  sentence: "One domain of another server.",
  key: domainName,
  exampleKey: "mantua.example",
  options: {
    require_tls: option.boolean(true, "Whether streams must be encrypted."),
    motto: option.optional(kind.string(), "Shown to it.", '"Draw, if you be men"'),
  },
  scope: "host",
});
const components = keyedSection({
  name: "components",
  sentence: "A service of its own.",
  key: domainName,
  exampleKey: "irc.verona.example",
  options: { secret: option.required(kind.string(), "What it proves to know.", "an example") },
  scope: "server",
  excludesHosts: true,
});
const declarations = { sections: [], keyed: [peers, components], extensions: [] };

function read(text: string) {
  return readConfig(`${text}\n`, "rookery.toml", declarations);
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

test("each key has its values, the key in its one form", () => {
  const config = read(`
    [hosts."verona.example"]
    [components."IRC.verona.example"]
    secret = "a dram of poison"
    [components."xn--kln-sna.example"]
    secret = "a cup of sack"
  `);
  assert.deepEqual(
    [...config.tables(components)],
    [
      ["irc.verona.example", { secret: "a dram of poison" }],
      ["köln.example", { secret: "a cup of sack" }],
    ],
  );
  assert.deepEqual([...config.tables(peers)], []);
});

test("a host overrides the server's table of the same key option by option, and may have others", () => {
  const config = read(`
    [peers."mantua.example"]
    require_tls = false
    motto = "A plague on both your houses"
    [hosts."verona.example".peers."mantua.example."]
    motto = "Peace? I hate the word"
    [hosts."verona.example".peers."padua.example"]
    [hosts."venice.example"]
  `);
  const [verona, venice] = config.hosts;
  assert.deepEqual(
    [...(verona?.tables(peers) ?? [])],
    [
      ["mantua.example", { require_tls: false, motto: "Peace? I hate the word" }],
      ["padua.example", { require_tls: true, motto: undefined }],
    ],
  );
  const ofServer = [["mantua.example", { require_tls: false, motto: "A plague on both your houses" }]];
  assert.deepEqual([...(venice?.tables(peers) ?? [])], ofServer);
  assert.deepEqual([...config.tables(peers)], ofServer);
  assert.deepEqual([...(verona?.tables(components) ?? [])], []);
});

test("every mistake is named, with its line and key", () => {
  const text = `[hosts."verona.example"]
[hosts."verona.example".components."irc.verona.example"]
secret = "x"
[hosts."verona.example".peers."mantua.example"]
require_tsl = true
[peers."-mantua.example"]
[peers."mantua.example"]
require_tls = 1
[peers."MANTUA.example"]
[components]
"irc.verona.example" = 3
[components."rooms.verona.example"]
sekret = "y"`;
  assert.deepEqual(mistakes(text), [
    'rookery.toml:2: hosts."verona.example".components: stands only at the top of the file, as [components]',
    'rookery.toml:5: hosts."verona.example".peers."mantua.example".require_tsl: unknown key; did you mean require_tls?',
    'rookery.toml:6: peers."-mantua.example": found "-mantua.example", allowed: domain such as "mantua.example"',
    'rookery.toml:8: peers."mantua.example".require_tls: found 1, allowed: true or false',
    'rookery.toml:9: peers."MANTUA.example": this table stands here twice: it is the same as "mantua.example"',
    'rookery.toml:11: components."irc.verona.example": found 3, allowed: a table',
    'rookery.toml:11: components."irc.verona.example": secret is missing: text in quotes',
    'rookery.toml:12: components."rooms.verona.example": secret is missing: text in quotes',
    'rookery.toml:13: components."rooms.verona.example".sekret: unknown key; did you mean secret?',
  ]);
  const own = mistakes('[hosts."Verona.example"]\n[components."verona.example"]\nsecret = "x"');
  assert.deepEqual(own, [
    'rookery.toml:2: components."verona.example": a host has this domain; choose another, such as a subdomain of it',
  ]);
  assert.deepEqual(mistakes('peers = "mantua.example"\n[hosts.localhost]'), [
    'rookery.toml:1: peers: found "mantua.example", allowed: a table',
  ]);
  assert.deepEqual(mistakes("[peer]\n[hosts.localhost]"), ["rookery.toml:1: peer: unknown key; did you mean peers?"]);
});

test("values can't be had without their declaration", () => {
  const config = read("[hosts.localhost]");
  assert.throws(() => config.tables({ ...peers }), /peers were not handed/);
});
