// CPU time and memory of a process with all its threads and descendants, from Linux's /proc.
import { readdirSync, readFileSync } from "node:fs";

/** Linux counts CPU time for userland in hundredths of a second, whatever the kernel's own tick is (proc(5)). */
const MICROSECONDS_PER_TICK = 10_000;

/** The process `root` and everything that descends from it, as far as it still lives. */
export function processTree(root: number): number[] {
  const parents = new Map(allProcesses().map((pid) => [pid, statFields(pid)[1]]));
  const tree = [root];
  for (const ancestor of tree) {
    for (const [pid, parent] of parents) if (parent === String(ancestor)) tree.push(pid);
  }
  return tree;
}

/** User and system time in µs that the tree of `root` has spent, descendants that have ended included. */
export function cpuMicroseconds(root: number): number {
  return sum(processTree(root).map(cpuTicks)) * MICROSECONDS_PER_TICK;
}

/** Proportional set size of the tree of `root`, in KiB: shared pages count in parts, so the sum is honest. */
export function pssKibibytes(root: number): number {
  return sum(processTree(root).map(pss));
}

function allProcesses(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Fields of /proc/PID/stat from the third (state) on; the second may hold blanks and parentheses. */
function statFields(pid: number): string[] {
  const text = readIfAlive(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** utime, stime, cutime and cstime: proc(5) fields 14 to 17. */
function cpuTicks(pid: number): number {
  return sum(statFields(pid).slice(11, 15).map(Number));
}

function pss(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readIfAlive(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** A process may end between the listing and the reading: then it has no text, and counts as nothing. */
function readIfAlive(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isGone(error)) return "";
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH");
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
