// Where the log goes: a file descriptor, written to without waiting; lines are for people when it is a terminal.
import { pino } from "pino";
import { isatty } from "node:tty";
import { option, section } from "../config/option.js";
import { formatLogLine } from "./log-line.js";
import { createLog, LOG_LEVELS, type LevelSwitch, type Log } from "./log.js";

export const logSection = section("log", "What is written to the log (standard error).", {
  level: option.choice("info", "Least important events that are written.", LOG_LEVELS),
  format: option.choice("auto", "auto: readable on a terminal, JSON elsewhere.", ["auto", "json", "text"]),
});

/** The log of the whole process. */
export interface LogOutput {
  readonly log: Log;
  readonly levelSwitch: LevelSwitch;
  /** Writes out what is waiting, before the process ends. Blocks for as long as that takes. */
  flush(): void;
}

export interface LogOutputOptions {
  readonly level: (typeof LOG_LEVELS)[number];
  readonly format: "auto" | "json" | "text";
  /** Default: standard error. */
  readonly fileDescriptor?: number;
  readonly hasColor?: boolean;
}

/** Opens the log. Lines are written off the event loop, in order. */
export function openLog({ level, format, fileDescriptor = 2, hasColor = false }: LogOutputOptions): LogOutput {
  const isForPeople = format === "text" || (format === "auto" && isatty(fileDescriptor));
  const output = pino.destination({ dest: fileDescriptor, sync: false });
  // Nobody is left to tell when the log itself can't be written (a closed pipe); the server goes on.
  output.on("error", () => undefined);
  const people = { write: (line: string) => output.write(formatLogLine(line, hasColor)) };
  const levelSwitch: LevelSwitch = { level };
  return { log: createLog(isForPeople ? people : output, levelSwitch), levelSwitch, flush: () => flush(output) };
}

function flush(output: ReturnType<typeof pino.destination>): void {
  try {
    output.flushSync();
  } catch {
    // The descriptor was not ready or is gone: there is nowhere left to say so.
  }
}
