// Starting the processes of a measurement, asking them, and reading what the kernel says of them.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** `cpu`: microseconds since the last time it was asked; `gc`: collect garbage. */
export type Question = "cpu" | "gc";

export type Kind = "tcp" | "starttls" | "tls" | "websocket";
export const kinds: readonly Kind[] = ["tcp", "starttls", "tls", "websocket"];

/** Runs a compiled script beside this one on one core, with a channel for messages. */
export function start(script: string, core: number, ...words: string[]): ChildProcess {
  const path = fileURLToPath(new URL(`${script}.js`, import.meta.url));
  const command = ["-c", String(core), process.execPath, "--expose-gc", path, ...words];
  const child = spawn("taskset", command, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  process.on("exit", () => child.kill());
  return child;
}

/** The next message. */
export async function heard<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, "message")) as [T];
  return message;
}

export function ask<T>(child: ChildProcess, question: Question): Promise<T> {
  child.send(question);
  return heard<T>(child);
}

/** Proportional set size in KiB, after a collection of garbage. */
export async function memoryOf(child: ChildProcess): Promise<number> {
  await ask(child, "gc");
  await ask(child, "gc");
  const rollup = await readFile(`/proc/${child.pid}/smaps_rollup`, "utf8");
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]);
}
