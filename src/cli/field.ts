// What a command takes: declared once, for the command line, and later for ad-hoc commands and HTTP.
import { prepareHostName } from "../config/host-name.js";
import { kind, OptionError } from "../config/kind.js";
import { Jid, JidMalformed } from "../jid/jid.js";
import { misused } from "./failure.js";

/** One value that a command takes. What it reads came from outside, over a socket perhaps. */
export interface Field<T> {
  /** What kind of value a form would ask for. A secret is never taken from the arguments of a process. */
  readonly form: "text" | "texts" | "secret" | "flag" | "rows";
  /** How the value is called in usage: JID, TEXT. */
  readonly placeholder: string;
  readonly sentence: string;
  readonly isOptional: boolean;
  /** Throws CommandError with a sentence about what is allowed. */
  read(value: unknown): T;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type InputOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** Longest text that is taken, in characters. */
const LONGEST = 10_000;

export const field = {
  text: (sentence: string): Field<string> => make("text", "TEXT", sentence, text),
  secret: (sentence: string): Field<string> => make("secret", "TEXT", sentence, text),
  flag: (sentence: string): Field<boolean> => ({
    ...make("flag", "", sentence, (value) => value === true),
    isOptional: true,
  }),
  choice: <const T extends string>(sentence: string, values: readonly T[]): Field<T> =>
    make("text", values.join("|"), sentence, (value) => {
      const found = values.find((each) => each === value);
      return found ?? misused(`${shown(value)} is not one of ${values.join(", ")}.`);
    }),
  /** An account: a bare JID with a localpart. */
  account: (sentence: string): Field<Jid> => make("text", "JID", sentence, account),
  /** Any JID: a domain, an account, a session. */
  address: (sentence: string): Field<Jid> => make("text", "JID", sentence, address),
  /** A virtual host's name, prepared. */
  host: (sentence: string): Field<string> =>
    make("text", "HOST", sentence, (value) => {
      return prepareHostName(text(value)) ?? misused(`${shown(value)} is no host name.`);
    }),
  count: (sentence: string): Field<number> =>
    make("text", "NUMBER", sentence, (value) => {
      const number = typeof value === "string" ? Number(value) : value;
      return typeof number === "number" && Number.isSafeInteger(number) && number > 0
        ? number
        : misused(`${shown(value)} is no number from 1 up.`);
    }),
  /** A span of time such as 90d, in milliseconds. */
  span: (sentence: string): Field<number> => make("text", "SPAN", sentence, span),
  /** A day, a day with a time, or how long ago; in milliseconds since 1970. */
  moment: (sentence: string): Field<number> => make("text", "WHEN", sentence, moment),
  /** Any number of NAME=VALUE, the last arguments; a name may come more than once. */
  settings: (sentence: string): Field<ReadonlyMap<string, readonly string[]>> => ({
    ...make("texts", "NAME=VALUE", sentence, settings),
    isOptional: true,
  }),
  /** Something that only a program sends: checked by `read`. */
  rows: <T>(sentence: string, read: (value: unknown) => T): Field<T> => make("rows", "", sentence, read),
  optional: <T>(of: Field<T>): Field<T | undefined> => ({
    ...of,
    isOptional: true,
    read: (value) => (value === undefined ? undefined : of.read(value)),
  }),
};

/** Reads every field; throws CommandError for the first that is missing or wrong, or for one that is not known. */
export function readInput<F extends Fields>(fields: F, input: unknown): InputOf<F> {
  const given = new Map<string, unknown>(typeof input === "object" && input !== null ? Object.entries(input) : []);
  const unknown = [...given.keys()].find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) misused(`This command takes no ${unknown}.`);
  const values = Object.entries(fields).map(([name, each]) => {
    const value = given.get(name);
    if (value === undefined && !each.isOptional) misused(`${name} is missing: ${each.sentence}`);
    return [name, each.read(value)] as const;
  });
  return Object.fromEntries(values) as InputOf<F>; // each value was read by the field of its name
}

function make<T>(form: Field<T>["form"], placeholder: string, sentence: string, read: (value: unknown) => T): Field<T> {
  return { form, placeholder, sentence, isOptional: false, read };
}

function text(value: unknown): string {
  if (typeof value !== "string") return misused(`A text is wanted, not ${shown(value)}.`);
  return value.length <= LONGEST ? value : misused(`A text of at most ${LONGEST} characters is wanted.`);
}

function address(value: unknown): Jid {
  try {
    return Jid.parse(text(value));
  } catch (error) {
    if (!(error instanceof JidMalformed)) throw error;
    return misused(`${shown(value)} is no address (JID): ${error.message}`);
  }
}

function account(value: unknown): Jid {
  const jid = address(value);
  if (jid.local === "") return misused(`${shown(value)} is no account's address; write it as ${jid.domain}@HOST.`);
  return jid.isBare ? jid : misused(`An account's address has no resource: ${jid.bare.toString()}`);
}

const spans = kind.duration();

function span(value: unknown): number {
  try {
    return spans.read(text(value));
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    return misused(`${shown(value)} is no span of time; write it as 12h or 90d.`);
  }
}

function moment(value: unknown): number {
  const written = text(value);
  if (/^\d+[a-z]+$/.test(written)) return Date.now() - span(written);
  // A day alone would be one in UTC, with a time it is one here.
  const time = Date.parse(/^\d{4}-\d\d-\d\d$/.test(written) ? `${written}T00:00` : written);
  return Number.isNaN(time)
    ? misused(`${shown(value)} is no time; write it as 2026-01-31, 2026-01-31T12:00 or 90d (ago).`)
    : time;
}

/** Most settings of one command. */
const mostSettings = 100;

function settings(value: unknown): ReadonlyMap<string, readonly string[]> {
  const pairs: readonly unknown[] = Array.isArray(value) ? value : [];
  if (pairs.length > mostSettings) misused(`At most ${mostSettings} settings at once.`);
  const read = new Map<string, readonly string[]>();
  for (const pair of pairs) {
    const [, name = "", given = ""] = /^([^=]+)=(.*)$/s.exec(text(pair)) ?? misused(`${shown(pair)} is no NAME=VALUE.`);
    read.set(name, [...(read.get(name) ?? []), given]);
  }
  return read;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 100);
}
