// rookery start, with the real server on ports that the system chooses.
import assert from "node:assert/strict";
import { readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { openOffline } from "../../src/cli/storage-context.js";
import { runCommandLine } from "../../src/cli/run.js";
import { groups } from "../../src/cli/registry.js";
import { keyed, sections } from "../../src/server/options.js";
import { extensions } from "../../xeps/index.js";
import { commands, makeDirectory, makeTerminal, type FakeTerminal, type Outcome } from "./support/stage.js";
import type { Started } from "../../src/cli/welcome.js";

let directory: { path: string; clean: () => Promise<void> };
beforeEach(async () => {
  directory = await makeDirectory();
  await configure();
});
afterEach(() => directory.clean());

function configure(more = "", listeners = ["c2s", "c2s-tls", "https", "metrics"]): Promise<void> {
  const tables = listeners.map((type) => `[[listeners]]\ntype = "${type}"\nport = 0\n`).join("");
  const text = `addresses = ["127.0.0.1"]\n${tables}[log]\nlevel = "error"\n[hosts."verona.example"]\n${more}`;
  return writeFile(join(directory.path, "rookery.toml"), text.replaceAll('type = "metrics"\n', 'type = "metrics"\naddresses = ["127.0.0.1"]\n')); // prettier-ignore
}

async function run(line: string, terminal: FakeTerminal): Promise<Outcome> {
  const declarations = { sections, keyed, extensions };
  const exit = await runCommandLine(line.split(" "), terminal, {
    commands,
    groups,
    version: "1",
    declarations,
    openOffline,
  });
  return { exit, ...terminal.written };
}

function rookery(line: string): Promise<Outcome> {
  return run(line, makeTerminal({ directory: directory.path }));
}

/** Starts the server and waits until it has said that it runs. */
async function start(line = "start"): Promise<{ terminal: FakeTerminal; ended: Promise<Outcome> }> {
  const terminal = makeTerminal({ directory: directory.path });
  let isOver = false;
  const ended = run(line, terminal).finally(() => (isOver = true));
  while (terminal.written.out === "" && !isOver) await new Promise((resolve) => setImmediate(resolve));
  return { terminal, ended };
}

test("it says what listens where and how an account is created, and stops at Ctrl-C", async () => {
  const { terminal, ended } = await start();
  terminal.signal("stop");
  const { exit, out } = await ended;
  assert.equal(exit, 0);
  assert.match(out, /^Rookery \S+ serves verona\.example\n {2}127\.0\.0\.1:\d+ +c2s +clients, STARTTLS\n/);
  assert.match(out, /\n {2}127\.0\.0\.1:\d+ +metrics +metrics and health\nConfiguration: .*\nData: .*\n/);
  assert.match(out, /Create an account, in another terminal: rookery user create juliet@verona\.example\n$/);
  assert.deepEqual((await readdir(join(directory.path, "data"))).sort(), ["rookery.db", "secrets.json", "self-signed.pem"]); // prettier-ignore
});

test("the commands it prints work, while it runs and after", async () => {
  const { ended } = await start();
  assert.equal((await rookery("user create juliet@verona.example --generate")).exit, 0);
  assert.equal((await rookery("session list")).out, "Nobody is connected.\n");
  assert.match((await rookery("send juliet@verona.example Hello")).out, /^Sent to juliet@verona\.example/);
  assert.equal((await rookery("stop")).exit, 0);
  assert.equal((await ended).exit, 0);
  assert.match((await rookery("user show juliet@verona.example")).out, /Sessions: +\(the server is not running\)/);
});

test("as JSON it says the same for programs, once everything is open", async () => {
  const { terminal, ended } = await start("start --json");
  const started = JSON.parse(terminal.written.out) as Started;
  assert.deepEqual(started.hosts, ["verona.example"]);
  assert.deepEqual(started.listeners.map(({ type }) => type), ["c2s", "c2s-tls", "https", "metrics"]); // prettier-ignore
  const metrics = started.listeners.find(({ type }) => type === "metrics");
  const health = await fetch(`http://127.0.0.1:${metrics?.port}/healthz`);
  assert.equal(health.status, 200);
  terminal.signal("stop");
  assert.equal((await ended).exit, 0);
});

test("a reload takes over what it can and says what it can't; a wrong file changes nothing", async () => {
  const { ended } = await start();
  await configure("", ["c2s"]);
  assert.match((await rookery("reload")).out, /after a restart: listeners\n$/);
  const unknown = await rookery("user list --config nowhere.toml");
  assert.equal(unknown.exit, 78);
  await configure("certificate = 3\n");
  const wrong = await run("reload --config rookery.toml", makeTerminal({ directory: directory.path }));
  assert.equal(wrong.exit, 78);
  await configure();
  assert.equal((await rookery("stop")).exit, 0);
  assert.equal((await ended).exit, 0);
});

test("a second server on the same data is refused, and the first goes on", async () => {
  const { ended } = await start();
  const second = await rookery("start");
  assert.deepEqual([second.exit, second.out], [69, ""]);
  assert.match(second.err, /^Error: A server runs on \S+\/data already\. Stop it with: rookery stop\n$/);
  assert.equal((await rookery("session list")).exit, 0);
  await rookery("stop");
  await ended;
});

test("a port that is taken is named, and nothing is left behind", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const address = other.address();
  const port = typeof address === "object" ? address?.port : 0;
  const text = `[[listeners]]\ntype = "c2s"\naddresses = ["127.0.0.1"]\nport = ${port}\n[hosts."verona.example"]\n`;
  await writeFile(join(directory.path, "rookery.toml"), text);
  const { exit, out, err } = await rookery("start");
  other.close();
  assert.deepEqual([exit, out], [1, ""]);
  assert.match(err, new RegExp(`${port}`));
  assert.match(err, /\nThe configuration is \S+\/rookery\.toml; \[\[listeners\]\] says there what is listened on\.\n$/);
  assert.equal((await rookery("user list")).exit, 0);
});

test("whoever has no configuration yet is told how to make one when a port is taken", async (t) => {
  const other = createServer().listen(5222, "127.0.0.1");
  t.after(() => other.close());
  // Who has it, the test or another program, is all the same.
  await new Promise((resolve) => other.once("listening", resolve).once("error", resolve));
  await rm(join(directory.path, "rookery.toml"));
  const { exit, err } = await rookery("start");
  assert.equal(exit, 1);
  assert.match(err, /can't use 127\.0\.0\.1 port 5222: .*\nThere is no configuration file yet; this makes one, .*: rookery config example > rookery\.toml\n$/); // prettier-ignore
});
