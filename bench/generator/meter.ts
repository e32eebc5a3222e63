// Takes samples: units counted and CPU time spent between two moments.
import { setTimeout as elapse } from "node:timers/promises";
import type { Job, Sample } from "../job.js";
import { cpuMicroseconds } from "../measure/processes.js";

/** On a busy machine the seconds of warm-up may be too few for V8 to have compiled what matters. */
const WARM_UNITS = 2000;

interface Reading {
  readonly units: number;
  readonly serverCpu: number;
  readonly generatorCpu: number;
  readonly at: number;
}

/** Counts the units of one scenario and measures what they cost. */
export class Meter {
  /** Units so far; the scenario counts it up. */
  units = 0;

  constructor(readonly job: Job) {}

  /** Samples of `seconds` each of traffic that flows by itself, after its warm-up. */
  async steady(seconds = this.job.effort.seconds): Promise<Sample[]> {
    const { warmUp, repetitions } = this.job.effort;
    await elapse(warmUp * 1000);
    await reach(
      () => this.units >= WARM_UNITS,
      () => `Only ${this.units} units in two minutes of warm-up`,
      120,
    );
    const samples: Sample[] = [];
    while (samples.length < repetitions) samples.push(await this.during(() => elapse(seconds * 1000)));
    return samples;
  }

  /** One sample of what happens while `work` runs. */
  async during(work: () => Promise<unknown>): Promise<Sample> {
    const before = this.#read();
    await work();
    const after = this.#read();
    if (after.units === before.units) throw new Error("Nothing arrived during a measurement");
    return {
      units: after.units - before.units,
      seconds: (after.at - before.at) / 1000,
      serverCpu: after.serverCpu - before.serverCpu,
      generatorCpu: after.generatorCpu - before.generatorCpu,
    };
  }

  /** Of both servers where there are two. */
  #serverCpu(): number {
    const { target, partner } = this.job;
    return cpuMicroseconds(target.pid) + (partner ? cpuMicroseconds(partner.pid) : 0);
  }

  #read(): Reading {
    const { user, system } = process.cpuUsage();
    return {
      units: this.units,
      serverCpu: this.#serverCpu(),
      generatorCpu: user + system,
      at: performance.now(),
    };
  }
}

/** Resolves when `isReached` says so; fails with `complaint` after `seconds`. */
export async function reach(isReached: () => boolean, complaint: () => string, seconds = 30): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!isReached()) {
    if (performance.now() > deadline) throw new Error(complaint());
    await elapse(10);
  }
}

/** Resolves when the server has spent less than a tenth of its time for half a second. */
export async function quiet(pid: number): Promise<void> {
  let calm = 0;
  for (let before = cpuMicroseconds(pid); calm < 5;) {
    await elapse(100);
    const after = cpuMicroseconds(pid);
    calm = after - before <= 10_000 ? calm + 1 : 0;
    before = after;
  }
}
