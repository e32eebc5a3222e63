// From samples to figures: cost of a unit, throughput, and whether the bar is met.
import type { Sample } from "./job.js";
import type { Bar, Scenario } from "./scenarios.js";

/** What one server showed in one scenario. Costs are µs of CPU time a unit, or KiB of Pss where memory is measured. */
export interface Figures {
  readonly scenario: string;
  readonly server: string;
  readonly cost: Spread;
  /** Median of the units a second. */
  readonly throughput: number;
  /** Median parts of a core that the server and the generator were at work. */
  readonly serverBusy: number;
  readonly generatorBusy: number;
  /** How long messages in other rooms took, in milliseconds. */
  readonly latency?: { readonly ninetyNinth: number; readonly longest: number };
  readonly samples: readonly Sample[];
}

export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

/** Condenses the samples of one run. */
export function figures(scenario: Scenario, server: string, samples: readonly Sample[]): Figures {
  const latencies = samples.flatMap((sample) => sample.latencies ?? []);
  const medianOf = (read: (sample: Sample) => number) => spread(samples.map(read)).median;
  return {
    scenario: scenario.name,
    server,
    cost: spread(samples.map(costOfUnit)),
    throughput: medianOf(({ units, seconds }) => units / seconds),
    serverBusy: medianOf(({ serverCpu, seconds }) => serverCpu / seconds / 1e6),
    generatorBusy: medianOf(({ generatorCpu, seconds }) => generatorCpu / seconds / 1e6),
    ...(latencies.length > 0 && { latency: tail(latencies) }),
    samples,
  };
}

/** Where 99 of 100 are below, and the end. */
function tail(numbers: readonly number[]) {
  const sorted = numbers.toSorted((one, other) => one - other);
  return { ninetyNinth: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? NaN, longest: sorted.at(-1) ?? NaN };
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

/** The lower of the peers' medians in a scenario, as far as they ran; or that of the `peers` given. */
export function betterPeer(all: readonly Figures[], scenario: string, peers = PEERS): number | undefined {
  const costs = all.filter((each) => each.scenario === scenario && peers.includes(each.server));
  return costs.length === 0 ? undefined : Math.min(...costs.map(({ cost }) => cost.median));
}

/** What a unit may cost at most; undefined when there is no bar, or no peer to hold it against. */
export function limit(bar: Bar | undefined, all: readonly Figures[], scenario: string): number | undefined {
  if (bar === undefined || bar.kind === "figure") return bar?.of;
  const peer = betterPeer(all, scenario, bar.peer === undefined ? PEERS : [bar.peer]);
  return peer === undefined ? undefined : peer * bar.of;
}
