// What the process itself uses. Read when asked for; costs nothing in between, unlike a sampling timer.
import { performance, type EventLoopUtilization } from "node:perf_hooks";
import type { Metrics } from "./metrics.js";

/** Registers CPU time, memory and event-loop use. */
export function addProcessMetrics(metrics: Metrics): void {
  let last: EventLoopUtilization = performance.eventLoopUtilization();
  const utilization = () => {
    const now = performance.eventLoopUtilization();
    const { utilization: share } = performance.eventLoopUtilization(now, last);
    last = now;
    return share;
  };
  const seconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1e6;
  metrics.gaugeOf("process_cpu_seconds_total", "CPU time used, user and system.", () => seconds(process.cpuUsage()));
  metrics.gaugeOf("process_resident_memory_bytes", "Memory in RAM.", () => process.memoryUsage.rss());
  metrics.gaugeOf("process_start_time_seconds", "Start, seconds since 1970.", () => performance.timeOrigin / 1000);
  metrics.gaugeOf("nodejs_heap_size_used_bytes", "JavaScript heap in use.", () => process.memoryUsage().heapUsed);
  metrics.gaugeOf("nodejs_external_memory_bytes", "Memory of buffers.", () => process.memoryUsage().external);
  metrics.gaugeOf(
    "nodejs_eventloop_utilization",
    "Share of time the event loop was busy since asked last.",
    utilization,
  );
}
