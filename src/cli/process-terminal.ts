// The surroundings of this very process.
import { basename, relative } from "node:path";
import type { Terminal } from "./terminal.js";

export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", passOverNobody);
  return {
    in: process.stdin,
    out: process.stdout,
    err: process.stderr,
    environment: process.env,
    directory: process.cwd(),
    program: programName(process.argv[1] ?? "rookery", process.cwd()),
    onSignal(callback) {
      const stop = () => callback("stop");
      const reload = () => callback("reload");
      process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", reload);
      return () => process.off("SIGINT", stop).off("SIGTERM", stop).off("SIGHUP", reload);
    },
  };
}

/** Whoever was reading has seen enough (`rookery --help | head`): the rest of what is printed is for nobody. */
function passOverNobody(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/** What to type to start this program again: its own name when it is installed, else node and the script. */
export function programName(script: string, directory: string): string {
  if (!script.endsWith(".js")) return basename(script);
  const near = relative(directory, script);
  return `node ${near.startsWith("..") ? script : near}`;
}
