// Reads one table of the file against its declared options.
import type { KeyPath } from "./key-lines.js";
import { nearest } from "./nearest.js";
import { OptionError, type Option, type Options, type ValuesOf } from "./option.js";
import { describeFound, type Problems } from "./problem.js";

/** A TOML table as smol-toml gives it. */
export type Table = Readonly<Record<string, unknown>>;

/** Values that a table gives, without defaults. */
export type Given = Readonly<Record<string, unknown>>;

export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The table under a key; an empty one, and a problem, when something else stands there. */
export function tableAt(parent: Table, key: string, path: KeyPath, problems: Problems): Table {
  const value = Object.hasOwn(parent, key) ? parent[key] : {};
  if (isTable(value)) return value;
  problems.add(path, `found ${describeFound(value)}, allowed: a table`);
  return {};
}

/** Checks every key and value; `others` are keys that somebody else reads. */
export function readGiven(
  table: Table,
  options: Options,
  path: KeyPath,
  problems: Problems,
  others: readonly string[] = [],
): Given {
  const known = [...Object.keys(options), ...others];
  const given: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(table)) {
    const option = Object.hasOwn(options, key) ? options[key] : undefined;
    if (option !== undefined) readValue(given, key, value, option, [...path, key], problems);
    else if (!known.includes(key)) problems.add([...path, key], unknownKey(key, known));
  }
  for (const [key, { isRequired, type }] of Object.entries(options)) {
    if (isRequired === true && !Object.hasOwn(table, key)) problems.add(path, `${key} is missing: ${type}`);
  }
  return given;
}

function readValue(
  given: Record<string, unknown>,
  key: string,
  value: unknown,
  option: Option<unknown>,
  path: KeyPath,
  problems: Problems,
): void {
  try {
    given[key] = option.read(value);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    problems.add(path, `found ${describeFound(value)}, allowed: ${error.message}`);
  }
}

/** Says that a key is not known, and which one may have been meant. */
export function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  if (meant !== undefined) return `unknown key; did you mean ${meant}?`;
  return known.length === 0 ? "unknown key; nothing can be set here" : `unknown key; known here: ${known.join(", ")}`;
}

/** The options' values: defaults, overridden by each table given, later ones first. */
export function valuesOf<O extends Options>(options: O, ...given: readonly Given[]): ValuesOf<O> {
  const defaults = Object.entries(options).map(([key, option]) => [key, option.default] as const);
  // Each value was made by the option of its name: read() or default.
  return Object.freeze(Object.assign(Object.fromEntries(defaults), ...given)) as ValuesOf<O>;
}
