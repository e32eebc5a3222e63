// Storage whose commits a test holds up: what waits for one goes on when the test says so.
import type { Storage } from "../../src/storage/storage.js";

export interface HeldCalls {
  /** How many are being held up. */
  readonly waiting: number;
  /** Lets them go on, and holds up no more. */
  release(): void;
}

type Calls = Record<string, (...parts: never[]) => Promise<unknown>>;

/** Every call of this name is done, but its promise settles only after `release`. */
export function holdUp<Part extends "archive" | "hostValues" | "hostCollections">(
  storage: Storage,
  part: Part,
  name: keyof Storage[Part] & string,
): HeldCalls {
  const calls = storage[part] as unknown as Calls;
  const original = calls[name];
  if (original === undefined) throw new Error(`There is no ${part}.${name}.`);
  let waiting = 0;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  calls[name] = async (...parts) => {
    waiting += 1;
    const result = await original.apply(calls, parts);
    await released;
    waiting -= 1;
    return result;
  };
  return {
    get waiting() {
      return waiting;
    },
    release() {
      calls[name] = original;
      release();
    },
  };
}
