// Structured logs: an event's name and its fields. Never message bodies, never passwords.
import { pino, type Logger } from "pino";
import { describeFields, type LogFields } from "./log-fields.js";

export type { LogFields } from "./log-fields.js";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const RANK: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50 };

/** Writes one line an event: `log.info("session-bound", { jid })`. */
export interface Log {
  /** For a caller that would have to work for the fields of a debug event. */
  readonly isDebugging: boolean;
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A log whose every event has these fields too. */
  child(fields: LogFields): Log;
}

/** Where lines go: whole lines, each with its line end. */
export interface LogDestination {
  write(line: string): void;
}

/** The level, shared by a log and all its children: it can be changed while the server runs. */
export interface LevelSwitch {
  level: LogLevel;
}

/** A log that writes JSON lines with `time`, `level` and `event`. */
export function createLog(destination: LogDestination, levelSwitch: LevelSwitch): Log {
  const logger = pino(
    {
      level: "debug",
      base: null, // no process id and host name: whoever collects the lines knows them
      messageKey: "event",
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return new PinoLog(logger, levelSwitch);
}

/** A log that writes nothing. */
export const silentLog: Log = {
  isDebugging: false,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  child: () => silentLog,
};

function ignore(): void {
  // nobody listens
}

class PinoLog implements Log {
  readonly #logger: Logger;
  readonly #switch: LevelSwitch;

  constructor(logger: Logger, levelSwitch: LevelSwitch) {
    this.#logger = logger;
    this.#switch = levelSwitch;
  }

  get isDebugging(): boolean {
    return this.#switch.level === "debug";
  }

  debug(event: string, fields?: LogFields): void {
    if (this.#switch.level === "debug") this.#write("debug", event, fields);
  }

  info(event: string, fields?: LogFields): void {
    if (RANK[this.#switch.level] <= RANK.info) this.#write("info", event, fields);
  }

  warn(event: string, fields?: LogFields): void {
    if (this.#switch.level !== "error") this.#write("warn", event, fields);
  }

  error(event: string, fields?: LogFields): void {
    this.#write("error", event, fields);
  }

  child(fields: LogFields): Log {
    return new PinoLog(this.#logger.child(describeFields(fields)), this.#switch);
  }

  #write(level: LogLevel, event: string, fields: LogFields | undefined): void {
    if (fields === undefined) this.#logger[level](event);
    else this.#logger[level](describeFields(fields), event);
  }
}
