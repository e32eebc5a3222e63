// Codecs: how a value of an extension becomes text in storage, and a value again.
import { messageOf, StorageError } from "./storage-error.js";

/** `decode` reads what `encode` wrote, and throws when it can't: the text may be of an older or a newer program. */
export interface Codec<T> {
  encode(value: T): string;
  decode(text: string): T;
}

/** Text as it is. */
export const text: Codec<string> = { encode: (value) => value, decode: (written) => written };

/** A finite number. */
export const number: Codec<number> = json(isFiniteNumber);

/** A set of strings, in the order in which they were added. */
export const stringSet: Codec<ReadonlySet<string>> = {
  encode: (strings) => JSON.stringify([...strings]),
  decode: (written) => new Set(json(isListOfStrings).decode(written)),
};

/** Anything that JSON can hold; `check` says what is accepted from storage. */
export function json<T>(check: (value: unknown) => value is T): Codec<T> {
  return {
    encode: (value) => JSON.stringify(value),
    decode: (written) => {
      const value = parse(written);
      if (check(value)) return value;
      throw new StorageError("unreadable", "A stored value is not of the form that it should have.");
    },
  };
}

function parse(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch (thrown) {
    throw new StorageError("unreadable", `A stored value is not JSON: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isListOfStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((element) => typeof element === "string");
}
