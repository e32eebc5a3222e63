// The table that the bench prints.
import { betterPeer, limit, type Figures } from "./figures.js";
import { isOfMemory } from "./job.js";
import type { Scenario } from "./scenarios.js";

const HEADINGS = ["scenario", "server", "unit", "cost: median", "min", "max", "of better peer"].concat([
  "bar",
  "met",
  "units/s",
  "server busy",
  "generator busy",
]);

/** Lines of a table, one for each scenario and server; the bar stands at Rookery only. */
export function table(scenarios: readonly Scenario[], all: readonly Figures[]): string {
  const rows = scenarios.flatMap((scenario) =>
    all.filter((each) => each.scenario === scenario.name).map((each) => row(scenario, each, all)),
  );
  return align([HEADINGS, ...rows]);
}

function row(scenario: Scenario, { server, cost, ...rest }: Figures, all: readonly Figures[]): string[] {
  const peer = betterPeer(all, scenario.name);
  const most = server === "rookery" ? limit(scenario.bar, all, scenario.name) : undefined;
  const measure = isOfMemory(scenario.kind) ? "KiB" : "µs";
  return [
    scenario.name,
    server,
    `${measure} a ${scenario.unit}`,
    ...[cost.median, cost.least, cost.most].map(number),
    peer === undefined ? "" : (cost.median / peer).toFixed(2),
    most === undefined ? "" : number(most),
    most === undefined ? "" : cost.median <= most ? "yes" : "NO",
    isOfMemory(scenario.kind) ? "" : rest.throughput.toFixed(0),
    percent(rest.serverBusy),
    percent(rest.generatorBusy),
  ];
}

/** One line for each server that was watched for what others felt meanwhile. */
export function latencies(scenarios: readonly Scenario[], all: readonly Figures[]): readonly string[] {
  return all.flatMap(({ scenario, server, latency }) => {
    if (latency === undefined) return [];
    const { latencyBar } = scenarios.find(({ name }) => name === scenario) ?? {};
    const isHeld = latencyBar !== undefined && server === "rookery";
    const verdict = isHeld ? `; at most ${latencyBar} ms: ${latency.ninetyNinth <= latencyBar ? "yes" : "NO"}` : "";
    const times = `p99 ${latency.ninetyNinth.toFixed(1)} ms, longest ${latency.longest.toFixed(1)} ms`;
    return [`${scenario} · ${server}: messages in other rooms took ${times}${verdict}`];
  });
}

function number(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}

function percent(part: number): string {
  return `${(part * 100).toFixed(part < 0.1 ? 1 : 0)} %`;
}

/** Pads the cells of each column: the first three to the left, figures to the right. */
function align(rows: readonly (readonly string[])[]): string {
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((cells) => cells.map(pad).join("  ").trimEnd()).join("\n");
}
