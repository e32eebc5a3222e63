// npm run bench: measures this server and its peers side by side, and prints the table. See bench/README.md.
import { writeFile } from "node:fs/promises";
import { cpus, loadavg, release } from "node:os";
import { figures, type Figures } from "./figures.js";
import { type Effort, isOfMemory, type Sample } from "./job.js";
import { readOptions, type Options } from "./options.js";
import { latencies, table } from "./report.js";
import { measure } from "./run.js";
import type { Scenario } from "./scenarios.js";
import { servers } from "./servers/index.js";

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  warnIfBusy();
  const versions = await askVersions(options.servers);
  const all: Figures[] = [];
  const failures: string[] = [];
  for (const scenario of options.scenarios) await compare(scenario, options, all, failures);
  console.log(`\n${table(options.scenarios, all)}`);
  for (const line of latencies(options.scenarios, all)) console.log(`\n${line}`);
  for (const failure of failures) console.error(`\n${failure}`);
  if (options.json) await save(options.json, { ...machine(), versions, figures: all });
  if (failures.length > 0) process.exitCode = 1;
}

/** A server that has to wait for its core works in smaller batches and with colder caches, so each unit costs more. */
function warnIfBusy(): void {
  const [load = 0] = loadavg();
  if (load > 1) console.error(`The machine is busy (load ${load.toFixed(1)}): expect costs that are too high for all.`);
}

/** Measures the servers in turn, round by round: what disturbs the machine for a while disturbs all of them. */
async function compare(scenario: Scenario, options: Options, all: Figures[], failures: string[]): Promise<void> {
  const names = options.servers.filter((name) => canPlay(name, scenario, options.effort));
  const samples = new Map(names.map((name) => [name, [] as Sample[]]));
  const isLong = isOfMemory(scenario.kind) || scenario.kind === "muc-join";
  const rounds = isLong ? 1 : options.effort.rounds;
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, soFar] of samples) soFar.push(...(await attempt(name, scenario, options, failures)));
  }
  for (const [name, taken] of samples) if (taken.length > 0) all.push(figures(scenario, name, taken));
}

/** The bare router stores nothing, and knows who is connected, but no rooms. */
function canPlay(name: string, { kind, occupants = 0 }: Scenario, { crowd }: Effort): boolean {
  const { dialect, mostOccupants = Infinity } = servers.get(name) ?? {};
  if ((kind === "muc-join" ? crowd : occupants) > mostOccupants) return false;
  return !["offline", "muc-join", "muc-idle"].includes(kind) || dialect === "xmpp";
}

async function attempt(name: string, scenario: Scenario, options: Options, failures: string[]): Promise<Sample[]> {
  const server = servers.get(name);
  if (!server) return [];
  process.stderr.write(`${scenario.name} · ${name} … `);
  try {
    const samples = await measure(server, scenario, options.effort, options.key);
    process.stderr.write(`${figures(scenario, name, samples).cost.median.toFixed(1)}\n`);
    return samples;
  } catch (error) {
    process.stderr.write("failed\n");
    failures.push(`${scenario.name} · ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

async function save(file: string, content: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(content, null, 1)}\n`);
}

/** Asked before anything is measured: a missing server shows at once. */
async function askVersions(names: readonly string[]): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const name of names) versions[name] = (await servers.get(name)?.version()) ?? "unknown";
  for (const [name, version] of Object.entries(versions)) console.log(`${name} ${version}`);
  return versions;
}

function machine() {
  return {
    processor: cpus()[0]?.model.trim(),
    cores: cpus().length,
    load: loadavg(),
    linux: release(),
    node: process.version,
  };
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
