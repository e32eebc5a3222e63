// What is wrong with a configuration: every problem at once, each with its place and what is allowed.
import { formatKeyPath, type KeyPath } from "./key-lines.js";

export interface ConfigProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** As in the file: hosts."example.org".certificate. Empty when it concerns the whole file. */
  readonly key: string;
  /** What was found and what is allowed. */
  readonly message: string;
}

/** Stops the start; the message lists every problem, one a line. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join("\n"));
  }
}

function formatProblem({ file, line, key, message }: ConfigProblem): string {
  return `${file}:${line}: ${key === "" ? "" : `${key}: `}${message}`;
}

/** Gathers the problems of one file. */
export class Problems {
  readonly #found: ConfigProblem[] = [];

  constructor(
    private readonly file: string,
    private readonly lineOf: (path: KeyPath) => number,
  ) {}

  add(path: KeyPath, message: string): void {
    this.#found.push({ file: this.file, line: this.lineOf(path), key: formatKeyPath(path), message });
  }

  /** Throws ConfigError when anything was found, in the order of the lines. */
  throwIfAny(): void {
    if (this.#found.length > 0) throw new ConfigError(this.#found.toSorted((a, b) => a.line - b.line));
  }
}

/** A found value, short enough for a message. */
export function describeFound(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
