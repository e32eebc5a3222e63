// What there is to tell of federation at a moment: streams, queues, failures, and how many stanzas went each way.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FederationFailure } from "../../src/s2s/reason.js";
import { summaryOf, trafficWith } from "../../src/s2s/summary.js";
import { letter } from "./support/letters.js";
import { Mantua } from "./support/mantua.js";
import { OtherServer } from "./support/other-server.js";

test("before anything has been sent there is nothing to tell", async (t) => {
  const { federation } = await Mantua.begin(t);
  assert.deepEqual(summaryOf(federation), { streams: [], queues: [], domains: [] });
});

test("a stream tells how it was proven, and what has gone over it", async (t) => {
  const mantua = await Mantua.begin(t);
  const verona = new OtherServer();
  mantua.way = () => verona;
  mantua.sends(letter(1), letter(2, { kind: "presence" }));
  await mantua.settles();
  verona.acknowledges(1);
  const { streams, queues, domains } = summaryOf(mantua.federation);
  const now = mantua.clock.now();
  assert.deepEqual(streams, [
    {
      local: "mantua.example",
      remote: "verona.example",
      direction: "out",
      theyProved: "nothing",
      weProved: "dialback",
      state: "open",
      address: "127.0.0.2",
      encryption: null,
      isBidirectional: false,
      isManaged: true,
      received: 0,
      sent: 2,
      unacknowledged: 1,
      startedAt: now,
      lastStanzaAt: now,
      outbox: 0,
    },
  ]);
  assert.deepEqual(queues, []);
  assert.deepEqual(domains, [{ domain: "verona.example", failures: 0, bounced: 0, pause: 0, lastFailure: null }]);
});

test("a queue tells how much waits, since when, and whether an attempt is under way", async (t) => {
  const mantua = await Mantua.begin(t);
  const start = mantua.clock.now();
  mantua.sends(letter(1));
  await mantua.passes(5);
  mantua.sends(letter(2));
  const [queue, ...others] = summaryOf(mantua.federation).queues;
  assert.deepEqual(others, []);
  assert.deepEqual(
    [queue?.local, queue?.remote, queue?.stanzas, queue?.oldestSince, queue?.isConnecting],
    ["mantua.example", "verona.example", 2, start, true],
  );
  assert.ok((queue?.bytes ?? 0) > 600);
});

test("a domain tells what went wrong last, and when it is tried again; also after it was reached", async (t) => {
  const mantua = await Mantua.begin(t, "[servers]\nback_off = '20s'\n");
  mantua.way = () => new FederationFailure("connection-refused", "Nobody listens.");
  mantua.sends(letter(1));
  await mantua.settles();
  const { advice } = new FederationFailure("connection-refused", "").reason;
  const lastFailure = { reason: "connection-refused", text: "Nobody listens.", advice, at: mantua.clock.now() };
  const [failed] = summaryOf(mantua.federation).domains;
  assert.deepEqual([failed?.failures, failed?.bounced, failed?.lastFailure], [1, 0, lastFailure]);
  assert.ok((failed?.pause ?? 0) >= 10_000 && (failed?.pause ?? 0) <= 20_000);
  mantua.way = () => new OtherServer();
  await mantua.passes(20);
  const [reached] = summaryOf(mantua.federation).domains;
  assert.deepEqual([reached?.failures, reached?.pause, reached?.lastFailure], [1, 0, lastFailure]);
});

test("what comes back is counted, and one domain may be asked for", async (t) => {
  const mantua = await Mantua.begin(t);
  mantua.way = () => new FederationFailure("host-unknown", "Who?");
  mantua.sends(letter(1), letter(2), letter(3, { to: "antonio@padua.example" }));
  await mantua.settles();
  const { domains } = summaryOf(mantua.federation, "verona.example");
  assert.deepEqual(domains.map(({ domain, bounced }) => [domain, bounced]), [["verona.example", 2]]); // prettier-ignore
  assert.equal(summaryOf(mantua.federation).domains.length, 2);
  assert.deepEqual(summaryOf(mantua.federation, "venice.example"), { streams: [], queues: [], domains: [] });
});

test("stanzas are counted over all streams with a domain, those that are over too", async (t) => {
  const mantua = await Mantua.begin(t);
  const servers: OtherServer[] = [];
  mantua.way = () => servers[servers.push(new OtherServer()) - 1] ?? assert.fail();
  for (const id of [1, 2]) {
    mantua.sends(letter(id), letter(`p${id}`, { kind: "presence" }));
    await mantua.settles();
    servers[id - 1]?.acknowledges(2);
    if (id === 1) servers[0]?.saysGoodbye();
    await mantua.settles();
  }
  assert.equal(servers.length, 2);
  const { sent, received } = trafficWith(mantua.federation, mantua.federation.domain("verona.example"));
  assert.deepEqual(
    [{ ...sent }, { ...received }],
    [
      { message: 2, presence: 2, iq: 0 },
      { message: 0, presence: 0, iq: 0 },
    ],
  );
});
