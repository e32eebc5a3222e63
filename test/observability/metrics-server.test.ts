// The metrics port: what Prometheus and a supervisor get.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Health } from "../../src/observability/health.js";
import { MetricsRegistry } from "../../src/observability/metrics.js";
import { serveMetrics, type MetricsServer } from "../../src/observability/metrics-server.js";

const open: MetricsServer[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function start(health = new Health()) {
  const metrics = new MetricsRegistry();
  metrics.counter("sessions_total", "Sessions.").increment();
  const server = await serveMetrics({ metrics, health }, ["127.0.0.1"], 0);
  open.push(server);
  return (path: string, method = "GET") => fetch(`http://127.0.0.1:${server.addresses[0]?.port}${path}`, { method });
}

test("/metrics is what Prometheus reads", async () => {
  const get = await start();
  const response = await get("/metrics");
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  assert.match(await response.text(), /# HELP rookery_sessions_total Sessions\.\n.*counter\nrookery_sessions_total 1/);
});

test("/healthz says that all is well", async () => {
  const health = new Health();
  health.add("storage", async () => "open");
  const response = await (await start(health))("/healthz?verbose");
  assert.equal(response.status, 200);
  const { isHealthy, checks, eventLoopLagMs } = (await response.json()) as Record<string, unknown>;
  assert.deepEqual([isHealthy, checks], [true, { storage: { isHealthy: true, state: "open" } }]);
  assert.equal(typeof eventLoopLagMs, "number");
});

test("/healthz answers 503 when a part fails", async () => {
  const health = new Health();
  health.add("storage", () => Promise.reject(new Error("disk full")));
  health.add("listeners", async () => "4 open");
  const response = await (await start(health))("/healthz");
  const { checks } = (await response.json()) as Record<string, unknown>;
  assert.equal(response.status, 503);
  assert.deepEqual(checks, {
    storage: { isHealthy: false, state: "disk full" },
    listeners: { isHealthy: true, state: "4 open" },
  });
});

test("a check that never answers counts as failed", async () => {
  const health = new Health();
  health.add("storage", () => new Promise(() => undefined));
  const report = await health.report(1);
  assert.deepEqual(report.checks["storage"], { isHealthy: false, state: "no answer within 1 ms" });
});

test("other paths and methods are refused", async () => {
  const get = await start();
  assert.deepEqual([(await get("/")).status, (await get("/metrics", "POST")).status], [404, 405]);
});

test("a port that is taken is an error, and nothing is left listening", async () => {
  const parts = { metrics: new MetricsRegistry(), health: new Health() };
  const first = await serveMetrics(parts, ["127.0.0.1"], 0);
  open.push(first);
  const port = first.addresses[0]?.port ?? 0;
  await assert.rejects(serveMetrics(parts, ["127.0.0.2", "127.0.0.1"], port), /EADDRINUSE/);
  open.push(await serveMetrics(parts, ["127.0.0.2"], port));
});
