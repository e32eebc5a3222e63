// Metrics: counted cheaply, reported as Prometheus reads them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MetricsRegistry } from "../../src/observability/metrics.js";
import { addProcessMetrics } from "../../src/observability/process-metrics.js";

async function report(metrics: MetricsRegistry): Promise<string[]> {
  return (await metrics.report()).text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

test("counters with and without labels, counted between reports and reported twice the same", async () => {
  const metrics = new MetricsRegistry();
  const sessions = metrics.counter("sessions_total", "Sessions so far.");
  const verona = metrics.with({ host: "verona.example" });
  const messages = verona.counter("stanzas_total", "Stanzas.", { kind: "message" });
  const iqs = verona.counter("stanzas_total", "Stanzas.", { kind: "iq" });
  sessions.increment();
  messages.increment(2);
  iqs.value++;
  const expected = [
    "rookery_sessions_total 1",
    'rookery_stanzas_total{host="verona.example",kind="message"} 2',
    'rookery_stanzas_total{host="verona.example",kind="iq"} 1',
  ];
  assert.deepEqual(await report(metrics), expected);
  assert.deepEqual(await report(metrics), expected);
  assert.equal(metrics.counter("sessions_total", "Sessions so far."), sessions);
});

test("gauges are set or read; a later reader takes over", async () => {
  const metrics = new MetricsRegistry();
  metrics.gauge("queue", "Waiting.").set(3);
  metrics.gaugeOf("sessions", "Now.", () => 1);
  metrics.gaugeOf("sessions", "Now.", () => 2);
  assert.deepEqual(await report(metrics), ["rookery_queue 3", "rookery_sessions 2"]);
});

test("a histogram counts into its buckets", async () => {
  const metrics = new MetricsRegistry();
  metrics.histogram("login_seconds", "Time.", [0.1, 1], { host: "verona.example" }).observe(0.5);
  metrics.histogram("login_seconds", "Time.", [0.1, 1], { host: "mantua.example" }).observe(3);
  const lines = await report(metrics);
  assert.ok(lines.includes('rookery_login_seconds_bucket{le="1",host="verona.example"} 1'), lines.join("\n"));
  assert.ok(lines.includes('rookery_login_seconds_count{host="mantua.example"} 1'));
});

test("one name has one kind and one set of labels", () => {
  const metrics = new MetricsRegistry();
  metrics.counter("stanzas_total", "Stanzas.", { kind: "iq" });
  assert.throws(() => metrics.counter("stanzas_total", "Stanzas.", { host: "a" }), /has the labels \[kind\]/);
  assert.throws(() => metrics.gauge("stanzas_total", "Stanzas.", { kind: "iq" }), /another kind/);
});

test("the process reports its CPU time and memory", async () => {
  const metrics = new MetricsRegistry();
  addProcessMetrics(metrics);
  const values = new Map((await report(metrics)).map((line) => line.split(" ") as [string, string]));
  assert.ok(Number(values.get("process_cpu_seconds_total")) > 0);
  assert.ok(Number(values.get("process_resident_memory_bytes")) > 1e6);
});
