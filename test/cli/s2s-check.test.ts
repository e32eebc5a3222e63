// rookery s2s check: the way to another server, and for each thing that can go wrong the words, who has to act, the exit code.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { ReportedFailure, ReportStep } from "../../src/s2s/report.js";
import { closedPort, oddServers } from "../s2s/support/odd-servers.js";
import { type ServerPlay, World, type WorldServer } from "../s2s/support/world.js";
import { startNameServer } from "../support/name-server.js";
import { makeContext, makeTerminal, type, type Outcome } from "./support/stage.js";

interface Checked {
  readonly domain: string;
  readonly from: string;
  readonly isReachable: boolean;
  readonly steps: readonly ReportStep[];
  readonly failure: ReportedFailure | null;
}

/** Runs `rookery s2s check` in a directory with this configuration. */
async function check(t: TestContext, config: string, line = "verona.example"): Promise<Outcome> {
  const directory = await mkdtemp(join(tmpdir(), "rookery-cli-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, "rookery.toml"), `[hosts."mantua.example"]\n${config}`);
  return type(`s2s check ${line}`, makeTerminal({ directory }), makeContext(["mantua.example"]));
}

function at(port: number, more = ""): string {
  return `[peers."verona.example"]\ntargets = ["127.0.0.1:${port}"]\n${more}`;
}

interface Failing {
  /** The configuration of who goes there. */
  readonly config: (t: TestContext) => Promise<string> | string;
  readonly reason: string;
  readonly party: string;
  /** What stands after the reason. */
  readonly words: RegExp;
}

const quick = "[servers]\nconnect_timeout = '1s'\nnegotiation_timeout = '1s'\n";
const noAnswer = "[dns]\ntimeout = '100ms'\n";

async function asksDns(t: TestContext, lines: readonly string[], more = ""): Promise<string> {
  const { address } = await startNameServer(t, lines);
  return `[dns]\nservers = ["${address}"]\n${more.replace("[dns]\n", "")}`;
}

const failures: Readonly<Record<string, Failing>> = {
  "a domain that is not there": {
    config: (t) => asksDns(t, []),
    reason: "dns-not-found",
    party: "The operator of that server has to do something",
    words: /verona\.example/,
  },
  "a domain that says it has no server": {
    config: (t) => asksDns(t, ["_xmpp-server._tcp.verona.example SRV 0 0 0 .", "verona.example A 127.0.0.1"]),
    reason: "dns-no-service",
    party: "The operator of that server has to do something",
    words: /verona\.example/,
  },
  "name servers that fail": {
    config: (t) => asksDns(t, ["* SERVFAIL"]),
    reason: "dns-failed",
    party: "This is between the two servers",
    words: /verona\.example/,
  },
  "name servers that do not answer": {
    config: (t) => asksDns(t, ["* SILENCE"], noAnswer),
    reason: "dns-timeout",
    party: "This is between the two servers",
    words: /verona\.example/,
  },
  "a port on which nobody listens": {
    config: async () => at(await closedPort()),
    reason: "connection-refused",
    party: "The operator of that server has to do something",
    words: /127\.0\.0\.1/,
  },
  "something that accepts and says nothing": {
    config: async (t) => quick + at(await oddServers.silent(t)),
    reason: "stream-timeout",
    party: "The operator of that server has to do something",
    words: /accepts connections, but does not answer/,
  },
  "a web server": {
    config: async (t) => at(await oddServers.web(t)),
    reason: "stream-not-xmpp",
    party: "The operator of that server has to do something",
    words: /What the server of verona\.example sent is not acceptable/,
  },
  "something that hangs up": {
    config: async (t) => at(await oddServers.hangingUp(t)),
    reason: "connection-lost",
    party: "The operator of that server has to do something",
    words: /was closed before we could agree on a stream/,
  },
  "a server without TLS": {
    config: async (t) => at(await oddServers.withoutTls(t)),
    reason: "tls-not-offered",
    party: "The operator of that server has to do something",
    words: /does not offer TLS/,
  },
  "a server that offers TLS and refuses it": {
    config: async (t) => at(await oddServers.refusingTls(t)),
    reason: "tls-refused",
    party: "The operator of that server has to do something",
    words: /refuses to start TLS/,
  },
  "a server that offers TLS and does not speak it": {
    config: async (t) => at(await oddServers.brokenTls(t)),
    reason: "tls-failed",
    party: "The operator of that server has to do something",
    words: /./,
  },
  "a server that may go without TLS but not without a certificate": {
    config: async (t) => at(await oddServers.withoutTls(t), "require_tls = false\n"),
    reason: "certificate-missing",
    party: "The operator of that server has to do something",
    words: /does not use TLS/,
  },
  "a server that offers no way to prove who we are": {
    config: async (t) =>
      at(await oddServers.withoutAuthentication(t), "require_tls = false\nrequire_certificate = false\n"),
    reason: "authentication-not-offered",
    party: "This is ours to mend",
    words: /offers no way/,
  },
  "a domain that we block": {
    config: () => "[federation]\nblock = ['verona.example']\n",
    reason: "domain-blocked",
    party: "This is ours to mend",
    words: /mantua\.example does not exchange stanzas with verona\.example/,
  },
  "a host that does not federate": {
    config: () => "[federation]\nenabled = false\n",
    reason: "federation-disabled",
    party: "This is ours to mend",
    words: /does not exchange stanzas with other servers/,
  },
};

for (const [name, { config, reason, party, words }] of Object.entries(failures)) {
  test(`${name}: ${reason}`, async (t) => {
    const { exit, out, err } = await check(t, await config(t));
    assert.deepEqual([exit, err], [1, ""], out);
    isVerdict(out, reason, party, words);
  });
}

/** The last two lines: what happened, and who has to do what. */
function isVerdict(out: string, reason: string, party: string, words: RegExp): void {
  const [what = "", who = ""] = out.trimEnd().split("\n").slice(-2);
  const start = `mantua.example can't exchange stanzas with verona.example (${reason}): `;
  assert.ok(what.startsWith(start), out);
  assert.match(what.slice(start.length), words);
  assert.ok(who.startsWith(`${party}: `), out);
  assert.match(who, /\.$/);
  assert.doesNotMatch(out, /\x1b|undefined|\[object|\.\.$/m);
}

/** A whole server for Verona, and the configuration of who goes there from Mantua with its own certificate. */
async function visit(t: TestContext, play: ServerPlay, ours: ServerPlay["certificate"]): Promise<string> {
  const world = await World.begin(t);
  const verona = await world.server(
    play.config?.includes("# elsewhere") === true ? "padua.example" : "verona.example",
    play,
  );
  return approach(world, verona, ours);
}

async function approach(world: World, verona: WorldServer, ours: ServerPlay["certificate"]): Promise<string> {
  const files = ours === undefined || ours === "none" ? undefined : await world.certificate("ours", ours);
  const own = files === undefined ? "" : `certificate = "${files.certificate}"\nkey = "${files.key}"\n`;
  return `${own}[servers]\nauthorities = "${join(world.folder, "ca.pem")}"\n${at(verona.port("s2s"))}`;
}

const day = 86_400_000;
const mantua = { dns: ["mantua.example"] };
const expired = { notBefore: Date.now() - 3 * day, notAfter: Date.now() - day };

const refusals: readonly [string, ServerPlay, ServerPlay["certificate"], string, string, RegExp][] = [
  ["their certificate has expired", { certificate: { dns: ["verona.example"], ...expired } }, mantua, "certificate-expired", "The operator of that server has to do something", /expired/], // prettier-ignore
  ["their certificate is another domain's", { certificate: { dns: ["padua.example"] } }, mantua, "certificate-wrong-name", "The operator of that server has to do something", /not made out to verona\.example/], // prettier-ignore
  ["nobody vouches for their certificate", { certificate: "none" }, mantua, "certificate-untrusted", "The operator of that server has to do something", /./], // prettier-ignore
  ["our certificate has expired", {}, { ...mantua, ...expired }, "authentication-refused", "This is ours to mend", /not-authorized: The certificate of mantua\.example.*expired/], // prettier-ignore
  ["nobody vouches for ours", {}, "none", "authentication-refused", "This is ours to mend", /not-authorized: /],
  ["they do not serve the domain", { config: "# elsewhere\n" }, mantua, "host-unknown", "The operator of that server has to do something", /host-unknown: /], // prettier-ignore
  ["they block us", { config: "[federation]\nblock = ['mantua.example']\n" }, mantua, "stream-error", "The operator of that server has to do something", /policy-violation: verona\.example does not exchange stanzas with mantua\.example/], // prettier-ignore
];

for (const [name, play, ours, reason, party, words] of refusals) {
  test(`${name}: ${reason}`, async (t) => {
    const { exit, out, err } = await check(t, await visit(t, play, ours));
    assert.deepEqual([exit, err], [1, ""], out);
    isVerdict(out, reason, party, words);
  });
}

test("a server that can be reached: every step is shown, in words", async (t) => {
  const { exit, out, err } = await check(t, await visit(t, {}, mantua));
  assert.deepEqual([exit, err], [0, ""], out);
  const steps = out.split("\n").filter((line) => /^[✓✗·]/.test(line));
  const expected = [
    /^✓ To be tried in this order: 1$/,
    /^✓ Connected to 127\.0\.0\.1 port \d+ in \d+ ms$/,
    /^✓ Stream opened, in clear$/,
    /^✓ TLSv1\.3 \S+; the certificate is valid for verona\.example$/,
    /^✓ Stream opened, inside TLS$/,
    /^✓ verona\.example believes that we are who we are, by our certificate \(SASL EXTERNAL\)$/,
    /^✓ Stream opened, inside TLS$/,
  ];
  assert.equal(steps.length, expected.length, out);
  for (const [index, pattern] of expected.entries()) assert.match(steps[index] ?? "", pattern);
  assert.match(out, /\n\nmantua\.example can exchange stanzas with verona\.example\.\n$/);
});

test("as JSON it is one value, with all steps, the reason, and who has to act", async (t) => {
  const good = await check(t, await visit(t, {}, mantua), "verona.example --json");
  const reached = JSON.parse(good.out) as Checked;
  assert.deepEqual([good.exit, good.err], [0, ""]);
  assert.deepEqual([reached.domain, reached.from], ["verona.example", "mantua.example"]);
  assert.deepEqual([reached.isReachable, reached.failure], [true, null]);
  assert.deepEqual(
    reached.steps.map(({ step, outcome }) => `${step} ${outcome}`),
    ["targets", "connect", "stream", "tls", "stream", "authentication", "stream"].map((step) => `${step} good`),
  );
  const bad = await check(t, at(await closedPort()), "verona.example --json");
  const { isReachable, failure, steps } = JSON.parse(bad.out) as Checked;
  assert.deepEqual([bad.exit, isReachable, failure?.reason, failure?.party], [1, false, "connection-refused", "them"]);
  assert.equal(steps.at(-1)?.outcome, "bad");
});

test("what DNS says is shown, question by question, and each failure once", async (t) => {
  const port = await closedPort();
  const service = "_xmpp-server._tcp.verona.example";
  const lines = [
    `${service} SRV 0 5 ${port} xmpp.verona.example`,
    `${service} SRV 1 5 ${port} old.verona.example`,
    "xmpp.verona.example A 127.0.0.1",
    "old.verona.example A 127.0.0.2",
    "old.verona.example AAAA SERVFAIL",
  ];
  const { exit, out } = await check(t, await asksDns(t, lines));
  assert.equal(exit, 1);
  assert.match(out, /^✓ DNS _xmpp-server\._tcp\.verona\.example SRV \(\d+ ms\)\n {4}0 5 \d+ xmpp\.verona\.example\n/m);
  assert.match(out, /^· DNS _xmpps-server\._tcp\.verona\.example SRV: no records \(\d+ ms\)$/m);
  assert.match(out, /^✓ To be tried in this order: 2\n {4}xmpp\.verona\.example port \d+, STARTTLS\n {4}old\./m);
  assert.match(out, /^✓ DNS xmpp\.verona\.example A \(\d+ ms\)\n {4}127\.0\.0\.1$/m);
  assert.match(out, /^✗ 127\.0\.0\.1 port \d+ \(xmpp\.verona\.example\): connection refused$/m);
  assert.match(out, /^✗ DNS old\.verona\.example AAAA: the name servers could not say \(\d+ ms\)$/m);
  assert.match(out, /^✗ 127\.0\.0\.2 port \d+ \(old\.verona\.example\): connection refused\n\nmantua\.example can't/m);
  assert.doesNotMatch(out, /dns-|ECONNREFUSED/);
});

test("who asks for what makes no sense is told so", async (t) => {
  const ours = await check(t, "", "mantua.example");
  assert.deepEqual(ours, { exit: 1, out: "", err: "Error: mantua.example is served here: there is no way to go.\n" });
  const theirs = await check(t, "", "verona.example --from padua.example");
  assert.deepEqual([theirs.exit, theirs.err], [1, "Error: padua.example is not served here.\n"]);
  const wrong = await check(t, "", "juliet@verona.example");
  assert.deepEqual([wrong.exit, wrong.out], [2, ""]);
});
