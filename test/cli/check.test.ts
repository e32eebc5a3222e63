// rookery check: what would run, and what about it is insecure.
import assert from "node:assert/strict";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { selfSigned } from "../../src/net/self-signed.js";
import { extension } from "../../src/extension/index.js";
import { commandsWith, makeContext, makeDirectory, makeTerminal, type, type Outcome } from "./support/stage.js";

let directory: { path: string; clean: () => Promise<void> };
beforeEach(async () => {
  directory = await makeDirectory();
});
afterEach(() => directory.clean());

async function check(config: string, options = "", program?: ReturnType<typeof commandsWith>): Promise<Outcome> {
  await writeFile(join(directory.path, "rookery.toml"), config);
  const { exit, out, err } = await type(
    `check ${options}`,
    makeTerminal({ directory: directory.path }),
    makeContext([]),
    program,
  );
  const isAboutUser = /Warning: This runs as root.*\n.*\n/; // true of some machines only
  return { exit, out: out.replaceAll(directory.path, "").replace(isAboutUser, ""), err };
}

/** Problems found, without those that depend on the machine. */
async function findings(config: string, program?: ReturnType<typeof commandsWith>): Promise<readonly string[]> {
  const { out } = await check(config, "--json", program);
  const { findings } = JSON.parse(out) as { findings: { severity: string; problem: string }[] };
  const names = /, \*\.mantua.*(?=\.$)/; // made up by selfSigned() for convenience
  const said = findings.map(({ severity, problem }) => `${severity}: ${problem.replace(names, "")}`);
  return said.filter((each) => !each.includes("root"));
}

async function writeCertificate(name: string, daysAgo = 0, ...more: readonly string[]): Promise<string> {
  const made = await selfSigned([name, ...more], Date.now() - daysAgo * 86_400_000);
  await writeFile(join(directory.path, `${name}.crt`), made.certificate);
  await writeFile(join(directory.path, `${name}.key`), made.key, { mode: 0o600 });
  return `certificate = "${name}.crt"\nkey = "${name}.key"\n`;
}

test("a server for this machine only is fine as it is", async () => {
  const { exit, out } = await check('addresses = ["127.0.0.1"]\n[hosts.localhost]');
  assert.equal(exit, 0);
  assert.match(
    out,
    /^Configuration {2}\/rookery\.toml\nData {11}\/data\nListeners\n {2}c2s {7}port 5222 on 127\.0\.0\.1\n/,
  );
  assert.match(out, /Hosts\n {2}localhost\n {4}certificate: self-signed, made at the first start\n/);
});

test("what others can reach and should not is warned of", async () => {
  const found = await findings(`
    [[listeners]]
    type = "metrics"
    addresses = ["0.0.0.0"]
    [[listeners]]
    type = "http"
    addresses = ["127.0.0.1", "::"]
    [[listeners]]
    type = "c2s"
    trusted = true
    [login]
    anonymous = true
    [hosts."verona.example"]
    extensions.registration.new_accounts = true
  `);
  assert.deepEqual(found, [
    "warning: verona.example has no certificate, so it uses a self-signed one, which clients and other servers refuse.",
    "warning: The metrics listener on port 9090 (0.0.0.0) shows the server's figures to everybody.",
    "warning: The http listener on port 5280 (::) is not encrypted.",
    "warning: The c2s listener on port 5222 (0.0.0.0, ::) takes passwords in clear from everybody.",
    "warning: Anybody can make an account on verona.example.",
    "warning: Anybody can log in to verona.example without an account.",
  ]);
});

test("servers that are believed too easily, and components that can be reached, guessed or never connect", async () => {
  const found = await findings(`
    addresses = ["127.0.0.1"]
    [[listeners]]
    type = "component"
    addresses = ["0.0.0.0"]
    [federation]
    require_certificate = false
    [peers."padua.example"]
    require_tls = false
    [peers."Verona.example"]
    [hosts."verona.example"]
    [hosts."venice.example".federation]
    enabled = false
    [components."irc.verona.example"]
    secret = "rosebud"
  `);
  assert.deepEqual(
    found.filter((each) => !each.includes("has no certificate")),
    [
      "warning: The component listener on port 5347 (0.0.0.0) is not encrypted, and lets everybody guess at secrets.",
      "warning: verona.example believes other servers without a valid certificate, so whoever controls DNS on the way can pose as them.", // prettier-ignore
      "warning: What verona.example and padua.example exchange may go over the network in clear.",
      "warning: verona.example is served here, so its table in [peers] does nothing.",
      "warning: The secret of the component irc.verona.example is short enough to be guessed.",
    ],
  );
  const text = `addresses = ["127.0.0.1"]\n[hosts.localhost]\n[components."irc.verona.example"]\nsecret = "${"rose".repeat(8)}"\n`;
  assert.deepEqual(await findings(text), [
    "error: Components can't connect (irc.verona.example): there is no listener for them.",
  ]);
});

test("certificates: for another name, run out, and self-signed", async () => {
  const own = await writeCertificate("verona.example", 795);
  const other = await writeCertificate("mantua.example", 900);
  const config = `addresses = ["127.0.0.1"]\n[hosts."verona.example"]\n${own}[hosts."padua.example"]\n${other}`;
  assert.deepEqual(await findings(config), [
    "warning: The certificate of verona.example is self-signed.",
    "warning: The certificate of verona.example runs out in 4 days.",
    "warning: The certificate of padua.example is for mantua.example.",
    "warning: The certificate of padua.example is self-signed.",
    "warning: The certificate of padua.example has run out 101 days ago.",
    "warning: No certificate names rooms.padua.example, which belongs to padua.example (extension rooms): other servers may refuse to talk to it.", // prettier-ignore
  ]);
  assert.match((await check(config)).out, /certificate: self-signed, verona\.example,.*; 4 days left\n/);
});

test("a domain of an extension's that no certificate names is out of reach for other servers, and that is said", async () => {
  const theatre = extension({
    name: "theatre",
    sentence: "Plays.",
    services: (_, host) => [`globe.${host}`, `the.globe.${host}`, `${host.replace(/\..*/, "")}-stage.example`],
    start: () => undefined,
  });
  const program = commandsWith([theatre]);
  // selfSigned() adds a wildcard for each name; that the.globe.verona.example is covered is Padua's merit
  const [verona, venice, padua] = [
    await writeCertificate("verona.example"),
    await writeCertificate("venice.example"),
    await writeCertificate("padua.example", 0, "venice-stage.example", "globe.verona.example"),
  ];
  const config = `addresses = ["127.0.0.1"]
    [hosts."verona.example"]
    ${verona}
    [hosts."venice.example"]
    ${venice}
    federation.enabled = false
    [hosts."padua.example"]
    ${padua}
    extensions.theatre.enabled = false
    [hosts."mantua.example"]
    [peers."mantua-stage.example"]`;
  const found = (await findings(config, program)).filter((each) => !each.includes("self-signed"));
  assert.deepEqual(found, [
    "warning: No certificate names verona-stage.example, which belongs to verona.example (extension theatre): other servers may refuse to talk to it.", // prettier-ignore
    "warning: mantua-stage.example is served here, so its table in [peers] does nothing.",
  ]);
  const { out } = await check(config, "", program);
  assert.match(out, /services: {4}globe\.verona\.example, the\.globe\.verona\.example, verona-stage\.example\n/);
  assert.match(
    out,
    /Give verona-stage\.example the DNS records that verona\.example has, and get a certificate for both names/,
  );
});

test("a certificate that can't be used, or two listeners on one port, would keep the server from starting", async () => {
  await writeCertificate("verona.example");
  await writeCertificate("mantua.example");
  const { exit, out } = await check(`
    [hosts."verona.example"]
    certificate = "verona.example.crt"
    key = "mantua.example.key"
    [[listeners]]
    type = "c2s"
    addresses = ["127.0.0.1"]
    [[listeners]]
    type = "c2s-tls"
    addresses = ["127.0.0.1"]
    port = 5222
  `);
  assert.equal(exit, 1);
  assert.match(out, /Error: The certificate of verona\.example can't be used: \S+ is not the key of \S+\n {2}Mend/);
  assert.match(
    out,
    /Error: c2s and c2s-tls both want port 5222 on 127\.0\.0\.1\.\n {2}Give one of them another port\./,
  );
});

test("files that others can read", async () => {
  await mkdir(join(directory.path, "data"), { mode: 0o700 });
  await writeFile(join(directory.path, "data", "secrets.json"), "{}");
  await chmod(join(directory.path, "data", "secrets.json"), 0o644);
  await chmod(join(directory.path, "data"), 0o755);
  const { out } = await check('addresses = ["::1"]\n[hosts.localhost]');
  assert.match(out, /Warning: \/data\/secrets\.json can be read by other users of this machine\.\n {2}chmod 600 /);
  assert.match(out, /Warning: \/data can be read by other users of this machine\.\n {2}chmod 700 /);
});

test("a wrong configuration is told of, and nothing else", async () => {
  const { exit, out, err } = await check("[hosts.localhost]\nadmin = []");
  assert.deepEqual([exit, out], [78, ""]);
  assert.match(err, /rookery\.toml:2: hosts\.localhost\.admin: unknown key; did you mean admins\?/);
});
