// Where the log goes: a file descriptor, written to without waiting; lines are for people when it is a terminal.
import { isatty } from "node:tty";
import { option, section } from "../config/option.js";
import { LineOutput } from "./line-output.js";
import { formatLogLine } from "./log-line.js";
import { createLog, LOG_LEVELS, type LevelSwitch, type Log } from "./log.js";

export const logSection = section("log", "What is written to the log (standard error).", {
  level: option.choice("info", "Least important events that are written.", LOG_LEVELS),
  format: option.choice("auto", "auto: readable on a terminal, JSON elsewhere.", ["auto", "json", "text"]),
});

/** The log of the whole process. */
export interface LogOutput {
  readonly log: Log;
  /** Changes the level of the log and of all its children. */
  readonly levelSwitch: LevelSwitch;
  /** Resolves when everything is written; call it before the process ends. */
  flush(): Promise<void>;
  /** For the end after an uncaught error: blocks, and tries once. */
  flushNow(): void;
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
  const output = new LineOutput(fileDescriptor);
  const people = { write: (line: string) => output.write(formatLogLine(line, hasColor)) };
  const levelSwitch: LevelSwitch = { level };
  const log = createLog(isForPeople ? people : output, levelSwitch);
  return { log, levelSwitch, flush: () => output.flush(), flushNow: () => output.flushNow() };
}
