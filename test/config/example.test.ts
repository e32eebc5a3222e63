// The example file: valid as it stands and with every line uncommented, and complete.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "../../src/config/config.js";
import { domainName } from "../../src/config/host-name.js";
import { writeExample } from "../../src/config/example.js";
import { keyedSection, kind, option, section } from "../../src/config/option.js";

const limits = section(
  "limits",
  "What a client may send.",
  {
    max_stanza_size: option.size("256 KiB", "Longest stanza.", { min: "10000 B" }),
    words: option.list(kind.string(), ["wherefore"], "Words."),
    motto: option.optional(kind.string(), "Shown to all.", '"A plague on both your houses"'),
  },
  "host",
);
const peers = keyedSection({
  name: "peers",
  sentence: "One domain of another server.",
  key: domainName,
  exampleKey: "mantua.example",
  options: { secret: option.required(kind.string(), "Shared with it.", "a dram of poison") },
  scope: "host",
});
const blocking = { name: "blocking", options: { max_entries: option.integer(10_000, "Entries.", { min: 1 }) } };
const declarations = { sections: [limits], keyed: [peers], extensions: [blocking] };

test("every option stands there with its sentence, what is allowed and its default", () => {
  const text = writeExample(declarations);
  assert.match(text, /# What a client may send\. \(per host\)\n\[limits\]\n/);
  assert.match(text, /# Longest stanza\. \(10000 B or more\)\n# max_stanza_size = "256 KiB"\n/);
  assert.match(text, /\[extensions\.blocking\]\n\n# Whether it runs\.\n# enabled = true\n/);
  assert.match(
    text,
    /\n# One domain of another server\. \(per host\)\n# \[peers\."mantua\.example"\]\n\n# Shared with it\.\n/,
  );
  assert.ok(text.split("\n").every((line) => line.length <= 120));
});

test("it is valid as it stands, with every default", () => {
  const config = readConfig(writeExample(declarations), "config.example.toml", declarations);
  assert.deepEqual(config.values(limits), { max_stanza_size: 262_144, words: ["wherefore"], motto: undefined });
  assert.equal(config.hosts[0]?.domain, "localhost");
  assert.equal(config.tables(peers).size, 0);
});

test("it stays valid when everything is uncommented", () => {
  const text = writeExample(declarations).replaceAll(/^# (?=\w+ = |\[\[|\[\w+\."[^"]+"\]$)/gm, "");
  const config = readConfig(text, "config.example.toml", declarations);
  assert.equal(config.values(limits).motto, "A plague on both your houses");
  assert.equal(config.listeners.length, 1);
  assert.deepEqual([...config.tables(peers)], [["mantua.example", { secret: "a dram of poison" }]]);
  assert.equal(config.hosts[0]?.key, "/etc/letsencrypt/live/example.org/privkey.pem");
});
