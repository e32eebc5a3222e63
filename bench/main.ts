// npm run bench: measures this server and its peers side by side, and prints the table. See bench/README.md.
import { writeFile } from "node:fs/promises";
import { cpus, release } from "node:os";
import { figures, type Figures } from "./figures.js";
import { readOptions, type Options } from "./options.js";
import { table } from "./report.js";
import { measure } from "./run.js";
import type { Scenario } from "./scenarios.js";
import { servers } from "./servers/index.js";

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const versions = await askVersions(options.servers);
  const all: Figures[] = [];
  const failures: string[] = [];
  for (const scenario of options.scenarios) {
    for (const name of options.servers) await attempt(name, scenario, options, all, failures);
  }
  console.log(`\n${table(options.scenarios, all)}`);
  for (const failure of failures) console.error(`\n${failure}`);
  if (options.json)
    await writeFile(options.json, `${JSON.stringify({ ...machine(), versions, figures: all }, null, 1)}\n`);
  if (failures.length > 0) process.exitCode = 1;
}

async function attempt(name: string, scenario: Scenario, options: Options, all: Figures[], failures: string[]) {
  const server = servers.get(name);
  if (!server || (server.dialect === "bare" && scenario.kind === "offline")) return;
  process.stderr.write(`${scenario.name} · ${name} … `);
  try {
    const found = figures(scenario, name, await measure(server, scenario, options.effort, options.key));
    process.stderr.write(`${found.cost.median.toFixed(1)}\n`);
    all.push(found);
  } catch (error) {
    process.stderr.write("failed\n");
    failures.push(`${scenario.name} · ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Asked before anything is measured: a missing server shows at once. */
async function askVersions(names: readonly string[]): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const name of names) versions[name] = (await servers.get(name)?.version()) ?? "unknown";
  for (const [name, version] of Object.entries(versions)) console.log(`${name} ${version}`);
  return versions;
}

function machine() {
  return { processor: cpus()[0]?.model.trim(), cores: cpus().length, linux: release(), node: process.version };
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
