// A locator that asks a name server of the test, and what it finds, as readable lines.
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { Locator, LookupError, type LocatorOptions, type LookupStep, type Target } from "../../../src/net/locator.js";
import { type NameServer, startNameServer } from "../../support/name-server.js";

export interface Stage {
  readonly dns: NameServer;
  readonly locator: Locator;
  /** Lets time pass for what is kept. */
  readonly advance: (milliseconds: number) => void;
}

export async function stageWith(
  test: TestContext,
  records: readonly string[],
  options: Partial<LocatorOptions> = {},
): Promise<Stage> {
  const dns = await startNameServer(test, records);
  let now = 0;
  const locator = new Locator({ servers: [dns.address], timeout: 5_000, now: () => now, ...options });
  test.after(() => locator.close());
  return { dns, locator, advance: (milliseconds) => (now += milliseconds) };
}

/** `xmpp.verona.example:5269`, with `tls:` before it for direct TLS. */
export function written(targets: readonly Target[]): string[] {
  return targets.map(({ host, port, isDirectTls }) => `${isDirectTls ? "tls:" : ""}${host}:${port}`);
}

/** `verona.example A → 127.0.0.1`, with the problem where there is one. */
export function told({ question, answers, problem, isCached }: LookupStep): string {
  return `${question} → ${[...answers, ...(problem ? [problem] : []), ...(isCached ? ["(cached)"] : [])].join(", ")}`;
}

/** The problem and the message that it ends in. */
export async function problemOf(looking: Promise<unknown>): Promise<string> {
  try {
    await looking;
  } catch (error) {
    if (error instanceof LookupError) return `${error.problem}: ${error.message}`;
    throw error;
  }
  return assert.fail("it was found");
}
