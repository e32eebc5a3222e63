// Option declarations: each says its type, default and one sentence, in the module that uses it.

/** One option of the configuration. Keys in TOML and in code are the same snake_case words. */
export interface Option<T> {
  readonly type: string;
  readonly default: T;
  /** One sentence, shown in config.example.toml and in errors. */
  readonly sentence: string;
  /** The default as it is written in TOML. */
  readonly written: string;
  /** Turns the TOML value into the option's value; throws OptionError with a plain sentence when it can't. */
  readonly read: (value: unknown) => T;
}

/** A value that the option can't take; the message says what it can. */
export class OptionError extends Error {}

export type Options = Readonly<Record<string, Option<unknown>>>;
export type ValuesOf<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** A table of the configuration file, declared by the module that uses it. */
export interface Section<O extends Options> {
  readonly name: string;
  readonly sentence: string;
  readonly options: O;
  /** "host": may also stand inside [host."…"], where it overrides the server-wide values for that host. */
  readonly scope: "server" | "host";
}

export function section<O extends Options>(
  name: string,
  sentence: string,
  options: O,
  scope: "server" | "host" = "server",
): Section<O> {
  return { name, sentence, options, scope };
}
