// Reading a configuration: values, defaults, what hosts override, and every mistake named at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "../../src/config/config.js";
import { option, section } from "../../src/config/option.js";
import { ConfigError } from "../../src/config/problem.js";

const limits = section(
  "limits",
  "What a client may send.",
  {
    max_stanza_size: option.size("256 KiB", "Longest stanza.", { min: "10000 B" }),
    idle_timeout: option.duration("5m", "Silence before a client is asked whether it is there."),
  },
  "host",
);
const logs = section("logs", "What is logged.", { level: option.choice("info", "From here up.", ["info", "error"]) });
const blocking = { name: "blocking", options: { max_entries: option.integer(10_000, "Entries.", { min: 1 }) } };
const register = { name: "register", options: {}, isOffByDefault: true };
const declarations = { sections: [limits, logs], keyed: [], extensions: [blocking, register] };

function read(text: string) {
  return readConfig(text, "/etc/rookery/rookery.toml", declarations);
}

/** The messages, without the file's directory. */
function mistakes(text: string): readonly string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll("/etc/rookery/", "").split("\n");
    throw error;
  }
  return [];
}

test("one host is enough: the rest has defaults", () => {
  const config = read('[hosts."verona.example"]');
  assert.deepEqual(
    config.hosts.map(({ domain }) => domain),
    ["verona.example"],
  );
  assert.equal(config.data, "/etc/rookery/data");
  assert.deepEqual(config.values(limits), { max_stanza_size: 262_144, idle_timeout: 300_000 });
  assert.deepEqual(
    config.listeners.map(({ type, addresses, port }) => `${type} ${addresses.join(" ")} ${port}`),
    [
      "c2s 0.0.0.0 :: 5222",
      "c2s-tls 0.0.0.0 :: 5223",
      "s2s 0.0.0.0 :: 5269",
      "s2s-tls 0.0.0.0 :: 5270",
      "https 0.0.0.0 :: 5443",
      "metrics 127.0.0.1 ::1 9090",
    ],
  );
});

test("a host overrides what the server says, and the server what is the default", () => {
  const config = read(`
    [limits]
    max_stanza_size = "1 MiB"
    [extensions.blocking]
    max_entries = 5
    [hosts."verona.example"]
    [hosts."verona.example".limits]
    idle_timeout = "1m"
    [hosts."mantua.example".extensions]
    blocking = { enabled = false }
    register.enabled = true
  `);
  const verona = config.host("verona.example");
  const mantua = config.host("mantua.example");
  assert.deepEqual(verona?.values(limits), { max_stanza_size: 1_048_576, idle_timeout: 60_000 });
  assert.deepEqual(mantua?.values(limits), { max_stanza_size: 1_048_576, idle_timeout: 300_000 });
  assert.deepEqual(verona?.extension(blocking), { isEnabled: true, values: { max_entries: 5 } });
  assert.equal(mantua?.extension(blocking).isEnabled, false);
  assert.deepEqual([verona.extension(register).isEnabled, mantua.extension(register).isEnabled], [false, true]);
  assert.equal(config.host("padua.example"), undefined);
});

test("listeners take what they say, and the usual port and addresses else", () => {
  const config = read(`
    addresses = ["127.0.0.1"]
    [[listeners]]
    type = "c2s"
    port = 0
    [[listeners]]
    type = "http"
    addresses = ["::1"]
    trusted = true
    [[listeners]]
    type = "component"
    [hosts.localhost]
  `);
  assert.deepEqual(config.listeners, [
    { type: "c2s", addresses: ["127.0.0.1"], port: 0, trusted: false },
    { type: "http", addresses: ["::1"], port: 5280, trusted: true },
    { type: "component", addresses: ["127.0.0.1", "::1"], port: 5347, trusted: false },
  ]);
});

test("files are found beside the configuration, host names in their one form", () => {
  const config = read(`
    data = "/var/lib/rookery"
    [hosts."Köln.Example"]
    certificate = "certificates/koeln.pem"
    key = "/etc/ssl/koeln.key"
    admins = ["escalus@verona.example"]
  `);
  const [host] = config.hosts;
  assert.equal(config.data, "/var/lib/rookery");
  assert.equal(host?.domain, "köln.example");
  assert.deepEqual([host.certificate, host.key], ["/etc/rookery/certificates/koeln.pem", "/etc/ssl/koeln.key"]);
});

test("every mistake is named at once, with its line, key, what was found and what is allowed", () => {
  const text = `dta = "data"
[limits]
max_stanza_sze = "1 MiB"
idle_timeout = 300
[[listeners]]
type = "c2s"
[[listeners]]
port = 70000
[logs]
level = "loud"
[hosts."verona.example"]
certificate = "verona.pem"
logs = { level = "info" }
[hosts."VERONA.example"]
[hosts."-verona.example"]
admins = ["romeo"]
[hosts."mantua.example".extensions.blokcing]
[extensions]
blocking = { max_entries = 0 }`;
  assert.deepEqual(mistakes(text), [
    "rookery.toml:1: dta: unknown key; did you mean data?",
    "rookery.toml:3: limits.max_stanza_sze: unknown key; did you mean max_stanza_size?",
    'rookery.toml:4: limits.idle_timeout: found 300, allowed: duration such as "500ms", "30s", "5m", "12h" or "7d"',
    'rookery.toml:7: listeners[1]: type is missing: "c2s" or "c2s-tls" or "s2s" or "s2s-tls" or "component" or "https" or "http" or "metrics"', // prettier-ignore
    "rookery.toml:8: listeners[1].port: found 70000, allowed: integer, from 0 to 65535",
    'rookery.toml:10: logs.level: found "loud", allowed: "info" or "error"',
    'rookery.toml:11: hosts."verona.example": certificate and key are given both or not at all',
    'rookery.toml:13: hosts."verona.example".logs: stands only at the top of the file, as [logs]',
    'rookery.toml:14: hosts."VERONA.example": this host stands here twice: it is the same as "verona.example"',
    'rookery.toml:15: hosts."-verona.example": "-verona.example" is no host name; allowed: [hosts."example.org"]',
    'rookery.toml:16: hosts."-verona.example".admins: found ["romeo"], allowed: list of: address such as "juliet@example.org"', // prettier-ignore
    'rookery.toml:17: hosts."mantua.example".extensions.blokcing: unknown key; did you mean blocking?',
    "rookery.toml:19: extensions.blocking.max_entries: found 0, allowed: integer, 1 or more",
  ]);
});

test("a file that is no TOML is refused with its line, and one without hosts says what to add", () => {
  assert.match(mistakes("[limits]\nmax_stanza_size = ").join(), /^rookery\.toml:2: not valid TOML: /);
  assert.match(mistakes('[hosts."a.example"]\n[hosts."a.example"]').join(), /^rookery\.toml:2: not valid TOML: /);
  assert.deepEqual(mistakes(""), ['rookery.toml:1: no host is served; add a table such as [hosts."example.org"]']);
});

test("something else where a table should be", () => {
  assert.deepEqual(mistakes('limits = 3\nlisteners = "c2s"\nhosts = [1]'), [
    "rookery.toml:1: limits: found 3, allowed: a table",
    'rookery.toml:2: listeners: found "c2s", allowed: an array of tables, as [[listeners]]',
    "rookery.toml:3: hosts: found [1], allowed: a table",
  ]);
  assert.match(mistakes('[__proto__]\n[hosts."a.example".limits.constructor]').join("\n"), /:1: __proto__: unknown key[^]*:2: .*constructor: unknown key/); // prettier-ignore
});

test("values can't be changed, nor had without their declaration", () => {
  const config = read('[hosts."verona.example"]');
  assert.throws(() => Object.assign(config.values(limits), { max_stanza_size: 1 }), TypeError);
  assert.throws(() => config.values(section("limits", "Another.", {})), /limits were not handed/);
});
