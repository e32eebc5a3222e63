// The surroundings of a command line: its streams, its directory, its environment. Tests bring their own.
import type { Readable } from "node:stream";

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export interface Input extends Readable {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
}

export interface Terminal {
  readonly in: Input;
  /** Results, and nothing else. */
  readonly out: Output;
  /** Errors, questions, progress, the log. */
  readonly err: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where relative paths count from. */
  readonly directory: string;
  /** How this program was started, as it can be typed again: `rookery`, `node bin/rookery.js`. */
  readonly program: string;
  /** Calls back for each signal that asks to stop (SIGINT, SIGTERM) or to reload (SIGHUP); returns how to end that. */
  onSignal(callback: (signal: "stop" | "reload") => void): () => void;
}

/** Whether colours are wanted there: only on a terminal, and not when NO_COLOR is set (no-color.org). */
export function hasColor(output: Output, { environment }: Terminal): boolean {
  return output.isTTY === true && (environment["NO_COLOR"] ?? "") === "" && environment["TERM"] !== "dumb";
}
