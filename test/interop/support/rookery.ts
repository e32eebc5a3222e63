// Rookery as the server under test: a process of its own, set up by its own commands.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Road } from "./chatter.js";
import { Program } from "./program.js";
import { passwordOf, type ServerUnderTest } from "./server-under-test.js";

const HOST = "127.0.0.1";
const DOMAIN = "localhost";
const PROGRAM = fileURLToPath(new URL("../../../src/main.js", import.meta.url));
const LISTENERS: Readonly<Record<Road, string>> = { STARTTLS: "c2s", "direct TLS": "c2s-tls", WebSocket: "https" };

export interface RookeryUnderTest extends ServerUnderTest {
  /** Port of the listener of this type. */
  portOf(type: string): number;
  /** Has the running server do a command, and resolves with what it prints. */
  command(...words: readonly string[]): Promise<Program>;
}

/** Starts Rookery with these accounts and its self-signed certificate, on free ports. `more`: more configuration. */
export async function startRookery(users: readonly string[], more = ""): Promise<RookeryUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "rookery-interop-"));
  await writeFile(join(folder, "rookery.toml"), configuration() + more);
  await importAccounts(folder, users);
  const program = await run(folder, ["start", "--json"], [/\{.*"listeners":.*\}/]);
  const stop = async () => {
    await program.stop("SIGTERM");
    await rm(folder, { recursive: true, force: true }); // a test may have stopped it before its end
  };
  const certificate = join(folder, "data", "self-signed.pem");
  const portOf = (type: string) => portIn(program.output, type);
  const ports = {
    STARTTLS: portOf(LISTENERS.STARTTLS),
    "direct TLS": portOf(LISTENERS["direct TLS"]),
    WebSocket: portOf(LISTENERS.WebSocket),
  };
  const command = (...words: readonly string[]) => run(folder, words);
  return { domain: DOMAIN, host: HOST, ports, portOf, command, certificate, passwordOf, stop };
}

function configuration(): string {
  const listeners = Object.values(LISTENERS).map((type) => `[[listeners]]\ntype = "${type}"\nport = 0\n`);
  return `addresses = ["${HOST}"]\n${listeners.join("")}[hosts."${DOMAIN}"]\n`;
}

async function importAccounts(folder: string, users: readonly string[]): Promise<void> {
  const lines = users.map((user) => JSON.stringify({ address: `${user}@${DOMAIN}`, password: passwordOf(user) }));
  const file = join(folder, "accounts.jsonl");
  await writeFile(file, `${lines.join("\n")}\n`);
  const program = await run(folder, ["user", "import", file, "--json"]);
  await program.finishes();
}

function run(folder: string, command: readonly string[], ready: readonly RegExp[] = []): Promise<Program> {
  return Program.start(process.execPath, {
    args: ["--enable-source-maps", PROGRAM, ...command, "--config", join(folder, "rookery.toml")],
    ready,
    installation: "npm run build",
  });
}

/** Reads what `rookery start --json` says that it listens on. */
function portIn(started: string, type: string): number {
  return Number(new RegExp(`\\{"type":"${type}","address":"${HOST}","port":(\\d+)\\}`).exec(started)?.[1]);
}
