// Runs one scenario against one server: fresh folder, fresh server, fresh generator process.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeCertificate, type KeyKind } from "./certificate.js";
import type { Effort, Job, Outcome, Sample } from "./job.js";
import type { Scenario } from "./scenarios.js";
import { freePort, GENERATOR_CORE, listening, pinned, stop } from "./servers/launch.js";
import { DOMAIN, type Server } from "./servers/server.js";

const GENERATOR = fileURLToPath(new URL("generator/main.js", import.meta.url));
/** Enough for every scenario but `idle`, which needs one account a session. */
const ACCOUNTS = 256;
/** A generator that takes longer is stuck. */
const PATIENCE_MILLISECONDS = 600_000;

/** Measures; throws an Error that holds what the server said when it did not work. */
export async function measure(server: Server, scenario: Scenario, effort: Effort, kind: KeyKind): Promise<Sample[]> {
  const folder = await mkdtemp(join(tmpdir(), "rookery-bench-"));
  try {
    const secrets = await makeCertificate(folder, kind);
    return await measureIn(folder, server, scenario, effort, secrets);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureIn(
  folder: string,
  server: Server,
  scenario: Scenario,
  effort: Effort,
  secrets: { key: string; certificate: string },
): Promise<Sample[]> {
  const { transport, window } = scenario;
  const port = await freePort();
  const accounts = scenario.kind === "idle" ? effort.idleSessions : ACCOUNTS;
  const child = await server.start({ folder, port, transport, accounts, ...secrets });
  try {
    await listening(port, child);
    const target = { dialect: server.dialect, host: "127.0.0.1", port, domain: DOMAIN, pid: child.pid ?? 0 };
    const outcome = await generate({ scenario: scenario.kind, transport, window, target, effort });
    if ("samples" in outcome) return [...outcome.samples];
    throw new Error(outcome.error);
  } catch (error) {
    const output = await readFile(join(folder, "output.log"), "utf8");
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${output}`.trim(), { cause: error });
  } finally {
    await stop(child);
  }
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
