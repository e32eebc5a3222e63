// Kinds of values that an option can take: how each is checked, and how it is written in TOML.
import { formatQuantity, parseQuantity, type Units } from "./quantity.js";

/** A value that the option can't take; the message says what it can. */
export class OptionError extends Error {}

/** A kind of value: shared by options and by the elements of lists. */
export interface Kind<T> {
  /** For people: `integer, from 1 to 10`, `duration such as "30s"`. */
  readonly type: string;
  /** What of the type an example does not show: `from 1s to 10m`; "" when it shows all. */
  readonly limits: string;
  /** Turns the TOML value into the option's value; throws OptionError, which says what is allowed. */
  read(value: unknown): T;
  /** The value as it is written in TOML. */
  write(value: T): string;
}

/** Inclusive bounds. */
export interface Range<T = number> {
  readonly min?: T;
  readonly max?: T;
}

/** What a text must look like. */
export interface TextRule {
  /** The whole text must match. */
  readonly pattern?: RegExp;
  /** Says what the pattern means: `a host name`. */
  readonly means?: string;
  /** Longest text, in UTF-16 units. */
  readonly max?: number;
}

/** Kinds of values, for options and for the elements of lists. */
export const kind = {
  integer: (range: Range = {}): Kind<number> => numeric("integer", range, Number.isSafeInteger),
  number: (range: Range = {}): Kind<number> => numeric("number", range, Number.isFinite),
  boolean: (): Kind<boolean> => checked("true or false", "", (value) => typeof value === "boolean"),
  string({ pattern, means, max = Infinity }: TextRule = {}): Kind<string> {
    const type = (means ?? "text in quotes") + (max === Infinity ? "" : ` of at most ${max} characters`);
    const isAllowed = (value: unknown): value is string =>
      typeof value === "string" && (pattern?.test(value) ?? true) && value.length <= max;
    return checked(type, means ?? "", isAllowed);
  },
  choice<const T extends string>(values: readonly T[]): Kind<T> {
    const type = values.map((value) => JSON.stringify(value)).join(" or ");
    return checked(type, type, (value): value is T => values.some((allowed) => allowed === value));
  },
  duration: (range: Range<string> = {}): Kind<number> =>
    quantity(DURATION, `duration such as "500ms", "30s", "5m", "12h" or "7d"`, range),
  size: (range: Range<string> = {}): Kind<number> =>
    quantity(SIZE, `size such as "512 B", "64 KiB" or "10 MiB"`, range),
  list<T>(of: Kind<T>): Kind<readonly T[]> {
    const type = `list of: ${of.type}`;
    return {
      type,
      limits: of.limits === "" ? "" : `each ${of.limits}`,
      read: (value) =>
        Array.isArray(value) ? Object.freeze(value.map((each) => readElement(of, each))) : refuse(type),
      write: (values) => `[${values.map((each) => of.write(each)).join(", ")}]`,
    };
  },
};

const DURATION: Units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SIZE: Units = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

function refuse(type: string): never {
  throw new OptionError(type);
}

function readElement<T>(of: Kind<T>, value: unknown): T {
  try {
    return of.read(value);
  } catch (error) {
    throw error instanceof OptionError ? new OptionError(`list of: ${error.message}`) : error;
  }
}

function checked<T>(type: string, limits: string, isAllowed: (value: unknown) => value is T): Kind<T> {
  const read = (value: unknown) => (isAllowed(value) ? value : refuse(type));
  return { type, limits, read, write: (value) => JSON.stringify(value) };
}

function numeric(name: string, range: Range, isOfKind: (value: unknown) => boolean): Kind<number> {
  const limits = inWords(range);
  const isAllowed = (value: unknown): value is number =>
    typeof value === "number" && isOfKind(value) && isWithin(value, range);
  return checked(joined(name, limits), limits, isAllowed);
}

function quantity(units: Units, description: string, range: Range<string>): Kind<number> {
  const limits = inWords(range);
  const type = joined(description, limits);
  const bounds = mapRange(range, (text) => parseQuantity(text, units) ?? refuse(type));
  const read = (value: unknown) => {
    const amount = typeof value === "string" ? parseQuantity(value, units) : undefined;
    return amount !== undefined && isWithin(amount, bounds) ? amount : refuse(type);
  };
  return { type, limits, read, write: (amount) => JSON.stringify(formatQuantity(amount, units)) };
}

function mapRange<T>({ min, max }: Range<T>, map: (value: T) => number): Range {
  return { ...(min === undefined ? {} : { min: map(min) }), ...(max === undefined ? {} : { max: map(max) }) };
}

function isWithin(value: number, { min = -Infinity, max = Infinity }: Range): boolean {
  return value >= min && value <= max;
}

function inWords({ min, max }: Range<string | number>): string {
  if (min !== undefined && max !== undefined) return `from ${min} to ${max}`;
  if (min !== undefined) return `${min} or more`;
  return max === undefined ? "" : `at most ${max}`;
}

function joined(type: string, limits: string): string {
  return limits === "" ? type : `${type}, ${limits}`;
}
