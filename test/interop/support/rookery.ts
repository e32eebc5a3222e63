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

/** Starts Rookery with these accounts and its self-signed certificate, on free ports. */
export async function startRookery(users: readonly string[]): Promise<ServerUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "rookery-interop-"));
  await writeFile(join(folder, "rookery.toml"), configuration());
  await importAccounts(folder, users);
  const program = await rookery(folder, "start", "--json");
  const [started = ""] = await program.expect(/\{.*"listeners":.*\}/);
  const stop = async () => {
    await program.stop("SIGTERM");
    await rm(folder, { recursive: true });
  };
  const certificate = join(folder, "data", "self-signed.pem");
  return { domain: DOMAIN, host: HOST, ports: portsIn(started), certificate, passwordOf, stop };
}

function configuration(): string {
  const listeners = Object.values(LISTENERS).map((type) => `[[listeners]]\ntype = "${type}"\nport = 0\n`);
  return `addresses = ["${HOST}"]\n${listeners.join("")}[hosts."${DOMAIN}"]\n`;
}

async function importAccounts(folder: string, users: readonly string[]): Promise<void> {
  const lines = users.map((user) => JSON.stringify({ address: `${user}@${DOMAIN}`, password: passwordOf(user) }));
  const file = join(folder, "accounts.jsonl");
  await writeFile(file, `${lines.join("\n")}\n`);
  const program = await rookery(folder, "user", "import", file, "--json");
  await program.ended;
}

function rookery(folder: string, ...command: readonly string[]): Promise<Program> {
  return Program.start(process.execPath, {
    args: ["--enable-source-maps", PROGRAM, ...command, "--config", join(folder, "rookery.toml")],
    installation: "npm run build",
  });
}

/** Reads what `rookery start --json` says that it listens on. */
function portsIn(started: string): Record<Road, number> {
  const portOf = (road: Road) => {
    const pattern = new RegExp(`\\{"type":"${LISTENERS[road]}","address":"${HOST}","port":(\\d+)\\}`);
    return Number(pattern.exec(started)?.[1]);
  };
  return { STARTTLS: portOf("STARTTLS"), "direct TLS": portOf("direct TLS"), WebSocket: portOf("WebSocket") };
}
