// Bounds the slow cryptography: few at once, so that DNS and files keep their share of the thread pool, and few waiting.
import type { Primitives } from "./primitives.js";

/** Too many passwords are being checked already; the login is to be tried again later. */
export class OverloadError extends Error {}

export interface SlowWorkLimits {
  /** Running at the same time; libuv's pool has four threads, shared with name look-ups and files. */
  readonly concurrent: number;
  /** Waiting for their turn; past this, OverloadError. */
  readonly waiting: number;
}

/** The same primitives, the slow ones in a bounded queue: first come, first served. */
export function boundSlowWork(
  primitives: Primitives,
  limits: SlowWorkLimits = { concurrent: 2, waiting: 512 },
): Primitives {
  const inTurn = turnstile(limits);
  return {
    ...primitives,
    pbkdf2: (...parameters) => inTurn(() => primitives.pbkdf2(...parameters)),
    bcrypt: (...parameters) => inTurn(() => primitives.bcrypt(...parameters)),
  };
}

function turnstile({ concurrent, waiting }: SlowWorkLimits): <T>(work: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < concurrent) running += 1;
    else if (queue.length < waiting) await new Promise<void>((resolve) => queue.push(resolve));
    else throw new OverloadError("too many passwords are being checked at once");
    try {
      return await work();
    } finally {
      // The place is handed on without being given up in between, so a newcomer can't overtake.
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
