// Runs one scenario against one kind of server: fresh folder, fresh servers, fresh generator process.
import type { ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { KeyKind } from "./certificate.js";
import type { Effort, Job, Outcome, Sample, Target } from "./job.js";
import type { Scenario } from "./scenarios.js";
import { GENERATOR_CORE, listening, pinned, stop } from "./servers/launch.js";
import type { Server, Setting } from "./servers/server.js";
import { alone, federated } from "./settings.js";

const GENERATOR = fileURLToPath(new URL("generator/main.js", import.meta.url));
/** Enough for every scenario but those that need one account for each of many sessions. */
const ACCOUNTS = 256;
/** A generator that takes longer is stuck: a room of 5 000 is joined by 25 million presences. */
const PATIENCE_MILLISECONDS = 2_400_000;

/** Measures; throws an Error that holds what the servers said when it did not work. */
export async function measure(server: Server, scenario: Scenario, effort: Effort, kind: KeyKind): Promise<Sample[]> {
  const folder = await mkdtemp(join(tmpdir(), "rookery-bench-"));
  const accounts = accountsFor(scenario, effort);
  const hasRooms = scenario.kind.startsWith("muc");
  const prepare = scenario.kind === "s2s" ? federated : alone;
  try {
    const settings = await prepare(folder, kind, { accounts, hasRooms, transport: scenario.transport });
    return await measureWith(settings, server, scenario, effort);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function accountsFor({ kind, occupants = 0 }: Scenario, { idlers, crowd }: Effort): number {
  if (kind === "idle") return idlers;
  return ACCOUNTS + (kind === "muc-join" ? crowd : occupants);
}

async function measureWith(
  settings: readonly Setting[],
  server: Server,
  { kind, transport, window, occupants }: Scenario,
  effort: Effort,
): Promise<Sample[]> {
  const children: ChildProcess[] = [];
  try {
    for (const setting of settings) children.push(await server.start(setting));
    const [target, partner] = await Promise.all(
      settings.map((setting, index) => running(server, setting, children[index])),
    );
    if (!target) throw new Error("There is no server to measure");
    const job = {
      ...{ scenario: kind, transport, window, target, effort },
      ...(partner && { partner }),
      ...(occupants !== undefined && { occupants }),
    };
    const outcome = await generate(job);
    if ("samples" in outcome) return [...outcome.samples];
    throw new Error(outcome.error);
  } catch (error) {
    const outputs = await Promise.all(
      settings.slice(0, children.length).map(({ folder }) => readFile(join(folder, "output.log"), "utf8")),
    );
    const message = error instanceof Error ? error.message : String(error);
    throw new Error([message, ...outputs].join("\n").trim(), { cause: error });
  } finally {
    await Promise.all(children.map(stop));
  }
}

/** Resolves when the server answers, with what the generator must know of it. */
async function running({ dialect }: Server, setting: Setting, child?: ChildProcess): Promise<Target> {
  const { address, port, domain, federation } = setting;
  if (!child) throw new Error(`The server of ${domain} was not started`);
  await listening(address, port, child);
  const target = { dialect, host: address, port, domain, pid: child.pid ?? 0 };
  if (!federation) return target;
  await listening(address, federation.port, child);
  return { ...target, federationPort: federation.port };
}

/** Runs the generator process on its own core. */
function generate(job: Job): Promise<Outcome> {
  const child = pinned(GENERATOR_CORE, process.execPath, [GENERATOR, JSON.stringify(job)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const patience = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MILLISECONDS);
  return new Promise((resolve) => {
    // The only message that bench/generator/main.ts sends.
    child.once("message", (message) => resolve(message as Outcome));
    child.once("exit", (code, signal) => {
      clearTimeout(patience);
      resolve({ error: `The generator ended with ${signal ?? code ?? "no reason"} before it had measured` });
    });
  });
}
