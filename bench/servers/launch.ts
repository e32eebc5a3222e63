// Starting programs on one core, and stopping them.
import { execFile, spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { openSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as elapse } from "node:timers/promises";
import { promisify } from "node:util";

/** The server, or both servers of `s2s`, have the first core for themselves, the generator the second. */
export const SERVER_CORE = 0;
export const GENERATOR_CORE = 1;

/** Two open files for each idle session are needed, so whatever the system allows; then becomes the program itself. */
const RAISE_LIMIT = 'ulimit -S -n "$(ulimit -H -n)" && exec "$@"';

/** Starts `command` on one core with a high limit of open files; its output goes to `FOLDER/output.log`. */
export function launch(folder: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const log = openSync(join(folder, "output.log"), "a");
  return pinned(SERVER_CORE, command, args, {
    stdio: ["ignore", log, log],
    env: { ...process.env, ...env },
    cwd: folder,
  });
}

/** Starts `command` on the core given; shell and taskset replace themselves by it, so the process id is its own. */
export function pinned(core: number, command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn("sh", ["-c", RAISE_LIMIT, "sh", "taskset", "--cpu-list", String(core), command, ...args], options);
}

/** First line of what a program says about itself; says what to install when it is missing. */
export async function ask(program: string, args: readonly string[], debianPackage: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, [...args]);
    return stdout.trim();
  } catch (error) {
    throw new Error(`${program} could not be asked for its version; apt-get install ${debianPackage}`, {
      cause: error,
    });
  }
}

/** A port of a loopback address that was free a moment ago. */
export async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No loopback port could be had");
  return address.port;
}

/** Resolves when something listens on the port; fails when `child` ends before, or after a minute. */
export async function listening(host: string, port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 1200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`The server ended at once, with exit code ${child.exitCode}`);
    if (await answers(host, port)) return;
    await elapse(50);
  }
  throw new Error(`Nothing listened on ${host}:${port} within a minute`);
}

/** Stops a process, kindly first. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const patience = setTimeout(() => child.kill("SIGKILL"), 5000);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(patience);
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
