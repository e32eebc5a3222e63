// rookery s2s list: streams with other servers, what waits for them, and what went wrong, for people and as JSON.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { DomainSummary, FederationSummary, QueueSummary, StreamSummary } from "../../src/s2s/summary.js";
import { makeServer, runServer } from "./support/fake-server.js";
import { makeContext, makeDirectory, makeTerminal, type, type Outcome } from "./support/stage.js";

const ago = (seconds: number): number => Date.now() - seconds * 1000;

const outgoing: StreamSummary = {
  local: "mantua.example",
  remote: "verona.example",
  direction: "out",
  state: "open",
  address: "192.0.2.1",
  encryption: "TLSv1.3 TLS_AES_256_GCM_SHA384",
  theyProved: "certificate",
  weProved: "dialback",
  isBidirectional: true,
  isManaged: true,
  received: 12,
  sent: 34,
  unacknowledged: 2,
  outbox: 0,
  startedAt: ago(7300),
  lastStanzaAt: ago(10),
};

const incoming: StreamSummary = {
  ...outgoing,
  remote: "",
  direction: "in",
  state: "negotiating",
  address: "2001:db8::1",
  encryption: null,
  theyProved: "nothing",
  weProved: "nothing",
  isBidirectional: false,
  isManaged: false,
  received: 0,
  sent: 0,
  startedAt: null,
  lastStanzaAt: null,
};

const queue: QueueSummary = {
  local: "mantua.example",
  remote: "padua.example",
  stanzas: 3,
  bytes: 1100,
  oldestSince: ago(65),
  isConnecting: false,
};

const domain: DomainSummary = {
  domain: "padua.example",
  failures: 4,
  bounced: 2,
  pause: 125_000,
  lastFailure: { reason: "connection-refused", text: "Nobody listens there.", advice: "Knock louder.", at: ago(20) },
};

const busy: FederationSummary = {
  streams: [outgoing, incoming],
  queues: [queue, { ...queue, remote: "venice.example", isConnecting: true, stanzas: 0, bytes: 0, oldestSince: null }],
  domains: [domain, { ...domain, domain: "verona.example", lastFailure: null }],
};

interface Stage {
  readonly asked: readonly string[];
  list(line?: string, isTerminal?: boolean): Promise<Outcome>;
}

async function begin(t: TestContext, streams?: FederationSummary): Promise<Stage> {
  const directory = await makeDirectory();
  await mkdir(join(directory.path, "data"));
  const server = makeServer();
  if (streams !== undefined) server.streams = streams;
  const { control } = await runServer(join(directory.path, "data"), server);
  t.after(async () => {
    await control.close();
    await directory.clean();
  });
  return {
    asked: server.asked,
    list: (line = "", isTerminal = false) =>
      type(`s2s list ${line}`, makeTerminal({ directory: directory.path, isTerminal }), makeContext(["localhost"])),
  };
}

/** Columns of a table: the rows, cut where the head's titles begin. */
function cells(head: string, row: string): string[] {
  const starts = Array.from(head.matchAll(/(?<=^| {2})\S/g), ({ index }) => index);
  return starts.map((start, column) => row.slice(start, starts[column + 1]).trim());
}

test("without streams it says so, and nothing else", async (t) => {
  const stage = await begin(t);
  assert.deepEqual(await stage.list(), { exit: 0, out: "There are no streams with other servers.\n", err: "" });
  assert.deepEqual(stage.asked, ["streams with everybody"]);
});

test("streams stand in columns: with whom, which way, how proven, how much", async (t) => {
  const { out } = await (await begin(t, busy)).list();
  const [head = "", first = "", second = "", gap] = out.split("\n");
  assert.equal(gap, "");
  assert.deepEqual(cells(head, first), [
    "verona.example",
    "← mantua.example",
    "open, both ways",
    "192.0.2.1",
    "TLSv1.3 TLS_AES_256_GCM_SHA384",
    "certificate / dialback",
    "12 / 34",
    "2",
    "2 h",
  ]);
  assert.deepEqual(cells(head, second), [
    "unknown",
    "→ mantua.example",
    "negotiating",
    "2001:db8::1",
    "in clear",
    "nothing",
    "0 / 0",
    "not told",
    "",
  ]);
});

test("what waits and what went wrong follow, where there is any of it", async (t) => {
  const { out } = await (await begin(t, busy)).list();
  const [, queues = "", failures = ""] = out.trimEnd().split("\n\n");
  const [head = "", padua = "", venice = ""] = queues.split("\n");
  const state = "waiting for the next attempt";
  assert.deepEqual(cells(head, padua), ["padua.example", "mantua.example", "3 (2 KiB)", "1 min", state]);
  assert.match(venice, /^venice\.example +mantua\.example +0 \(0 KiB\) +connecting$/);
  const [failureHead = "", failed = "", ...others] = failures.split("\n");
  assert.deepEqual(others, []);
  assert.deepEqual(cells(failureHead, failed), [
    "padua.example",
    "20 s ago",
    "connection-refused",
    "in 2 min",
    "2",
    "Nobody listens there.",
  ]);
});

test("colours only underline what the words say already", async (t) => {
  const stage = await begin(t, busy);
  const [plain, colourful] = [await stage.list(), await stage.list("", true)];
  assert.doesNotMatch(plain.out, /\x1b/);
  assert.match(colourful.out, /\x1b\[31mconnection-refused\x1b\[0m/);
  assert.equal(colourful.out.replaceAll(/\x1b\[\d+m/g, ""), plain.out);
});

test("one domain may be asked for, prepared", async (t) => {
  const stage = await begin(t, busy);
  assert.equal((await stage.list("Verona.Example")).exit, 0);
  assert.deepEqual(stage.asked, ["streams with verona.example"]);
  assert.equal((await stage.list("romeo@verona.example")).exit, 2);
});

test("as JSON it is all that there is, with the server's time", async (t) => {
  const { exit, out } = await (await begin(t, busy)).list("--json");
  const { now, ...listed } = JSON.parse(out) as FederationSummary & { readonly now: number };
  assert.equal(exit, 0);
  assert.deepEqual(listed, busy);
  assert.ok(Math.abs(now - Date.now()) < 60_000);
});
