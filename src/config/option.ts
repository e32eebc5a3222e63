// Option declarations: each says its type, default and one sentence, in the module that uses it.
import { kind, type Kind, type Range, type TextRule } from "./kind.js";

export { kind, OptionError, type Kind } from "./kind.js";

/** One option of the configuration. Keys in TOML and in code are the same snake_case words. */
export interface Option<T> extends Kind<T> {
  readonly default: T;
  /** One sentence, shown in config.example.toml and in errors. */
  readonly sentence: string;
  /** The default as it is written in TOML; an example where there is no default. */
  readonly written: string;
  /** Must stand in its table, and then has no default: what is written above is an example. */
  readonly isRequired?: true;
}

export type Options = Readonly<Record<string, Option<unknown>>>;
export type ValuesOf<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** A table of the configuration file, declared by the module that uses it. */
export interface Section<O extends Options> {
  readonly name: string;
  readonly sentence: string;
  readonly options: O;
  /** "host": may also stand inside [hosts."…"], where it overrides the server-wide values for that host. */
  readonly scope: "server" | "host";
}

/** Tables of one kind, as many as the operator wants: [name."key"]. */
export interface KeyedSection<O extends Options> {
  readonly name: string;
  readonly sentence: string;
  /** Reads the operator's key and prepares it, so that equal keys are equal strings. */
  readonly key: Kind<string>;
  /** What config.example.toml shows as the key. */
  readonly exampleKey: string;
  readonly options: O;
  /** "host": may also stand inside [hosts."…"], where each table overrides the server's of the same key. */
  readonly scope: "server" | "host";
  /** The keys are domains, and those of hosts are not allowed. */
  readonly excludesHosts?: true;
}

/** Declares tables whose keys the operator chooses. */
export function keyedSection<O extends Options>(declared: KeyedSection<O>): KeyedSection<O> {
  return declared;
}

/** Declares a table of the configuration file. */
export function section<O extends Options>(
  name: string,
  sentence: string,
  options: O,
  scope: "server" | "host" = "server",
): Section<O> {
  return { name, sentence, options, scope };
}

/** Factories of options. Each takes the default first, then the sentence; a default out of its range throws. */
export const option = {
  integer: (preset: number, sentence: string, range: Range = {}) => declare(kind.integer(range), preset, sentence),
  number: (preset: number, sentence: string, range: Range = {}) => declare(kind.number(range), preset, sentence),
  boolean: (preset: boolean, sentence: string) => declare(kind.boolean(), preset, sentence),
  string: (preset: string, sentence: string, rule: TextRule = {}) => declare(kind.string(rule), preset, sentence),
  choice: <const T extends string>(preset: NoInfer<T>, sentence: string, values: readonly T[]) =>
    declare<T>(kind.choice(values), preset, sentence),
  /** The value is in milliseconds; default and bounds are written as in TOML: "500ms", "30s", "5m", "12h", "7d". */
  duration: (preset: string, sentence: string, range: Range<string> = {}) =>
    declareWritten(kind.duration(range), preset, sentence),
  /** The value is in bytes; default and bounds are written as in TOML: "512 B", "64 KiB", "10 MiB", "1 GiB". */
  size: (preset: string, sentence: string, range: Range<string> = {}) =>
    declareWritten(kind.size(range), preset, sentence),
  /** `of` is the elements' kind: `kind.string()`, or any option, whose default and sentence are then not used. */
  list: <T>(of: Kind<T>, preset: readonly T[], sentence: string) => declare(kind.list(of), preset, sentence),
  /** Nothing can stand for it: it must be given wherever its table stands. */
  required: <T>(of: Kind<T>, sentence: string, example: T): Option<T> => ({
    ...declare(of, example, sentence),
    isRequired: true,
  }),
  /** Undefined unless it is configured. `example` is what config.example.toml shows, as it is written in TOML. */
  optional: <T>(of: Kind<T>, sentence: string, example: string): Option<T | undefined> => ({
    type: of.type,
    limits: of.limits,
    read: (value) => of.read(value),
    write: (value) => (value === undefined ? "" : of.write(value)),
    default: undefined,
    sentence,
    written: example,
  }),
};

function declare<T>(of: Kind<T>, preset: T, sentence: string): Option<T> {
  return { ...of, default: preset, sentence, written: of.write(preset) };
}

function declareWritten(of: Kind<number>, preset: string, sentence: string): Option<number> {
  return { ...of, default: of.read(preset), sentence, written: JSON.stringify(preset) };
}
