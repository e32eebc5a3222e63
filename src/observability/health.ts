// Health: whether each part works, asked when somebody wants to know.
import { setImmediate } from "node:timers";

/** Resolves with a word or two about the state; rejects, or takes too long, when the part does not work. */
export type HealthCheck = () => Promise<string>;

export interface HealthReport {
  readonly isHealthy: boolean;
  readonly checks: Readonly<Record<string, { readonly isHealthy: boolean; readonly state: string }>>;
  /** How long a callback waited for its turn just now, in milliseconds. */
  readonly eventLoopLagMs: number;
}

/** Longest time for a check, in milliseconds. */
const PATIENCE = 2000;

export class Health {
  readonly #checks = new Map<string, HealthCheck>();

  /** `name`: "storage", "listeners" … A check of the same name is replaced. */
  add(name: string, check: HealthCheck): void {
    this.#checks.set(name, check);
  }

  async report(patience = PATIENCE): Promise<HealthReport> {
    const lag = measureLag();
    const checks = await Promise.all(
      Array.from(this.#checks, async ([name, check]) => [name, await outcomeOf(check, patience)] as const),
    );
    const isHealthy = checks.every(([, each]) => each.isHealthy);
    return { isHealthy, checks: Object.fromEntries(checks), eventLoopLagMs: await lag };
  }
}

async function outcomeOf(check: HealthCheck, patience: number): Promise<{ isHealthy: boolean; state: string }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patience} ms`)), patience);
  });
  try {
    return { isHealthy: true, state: await Promise.race([check(), late]) };
  } catch (error) {
    return { isHealthy: false, state: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

function measureLag(): Promise<number> {
  const start = performance.now();
  return new Promise((resolve) => {
    setImmediate(() => resolve(Math.round((performance.now() - start) * 10) / 10));
  });
}
