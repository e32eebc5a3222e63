// From samples to figures: cost of a unit, throughput, and whether the bar is met.
import type { Sample } from "./job.js";
import type { Bar, Scenario } from "./scenarios.js";

/** What one server showed in one scenario. Costs are µs of CPU time a unit, or, for `idle`, KiB of Pss a session. */
export interface Figures {
  readonly scenario: string;
  readonly server: string;
  readonly cost: Spread;
  /** Median of the units a second. */
  readonly throughput: number;
  /** Median parts of a core that the server and the generator were at work. */
  readonly serverBusy: number;
  readonly generatorBusy: number;
  readonly samples: readonly Sample[];
}

export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

/** Condenses the samples of one run. */
export function figures(scenario: Scenario, server: string, samples: readonly Sample[]): Figures {
  const medianOf = (read: (sample: Sample) => number) => spread(samples.map(read)).median;
  return {
    scenario: scenario.name,
    server,
    cost: spread(samples.map(costOfUnit)),
    throughput: medianOf(({ units, seconds }) => units / seconds),
    serverBusy: medianOf(({ serverCpu, seconds }) => serverCpu / seconds / 1e6),
    generatorBusy: medianOf(({ generatorCpu, seconds }) => generatorCpu / seconds / 1e6),
    samples,
  };
}

function costOfUnit({ pss, serverCpu, units }: Sample): number {
  return (pss ?? serverCpu) / units;
}

function spread(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((one, other) => one - other);
  const [least = NaN] = sorted;
  return { least, median: sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN, most: sorted.at(-1) ?? NaN };
}

const PEERS: readonly string[] = ["prosody", "ejabberd"];

/** The lower of the peers' medians in a scenario, as far as they ran. */
export function betterPeer(all: readonly Figures[], scenario: string): number | undefined {
  const costs = all.filter((each) => each.scenario === scenario && PEERS.includes(each.server));
  return costs.length === 0 ? undefined : Math.min(...costs.map(({ cost }) => cost.median));
}

/** What a unit may cost at most; undefined when there is no bar, or no peer to hold it against. */
export function limit(bar: Bar | undefined, peer: number | undefined): number | undefined {
  if (bar?.kind === "figure") return bar.of;
  return bar === undefined || peer === undefined ? undefined : peer * bar.of;
}
