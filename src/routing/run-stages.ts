// Takes a stanza through the compiled stages of a flow. An extension that throws is named, counted and passed over.
import type { Account } from "../extension/session.js";
import type { Stages } from "../extension/stages.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";

/** Told of what the stages did; see the trace. */
export interface StageObserver {
  /** An extension threw what it should not have. */
  failed(owner: string, stage: string, error: unknown): void;
  /** An extension put something into the stanza, or took it out. */
  altered(owner: string, stanza: Stanza): void;
  /** An extension kept the stanza from going on. */
  stopped(owner: string, stanza: Stanza, reason: "ignore" | StanzaError): void;
}

/** The stanza as it goes on; "ignore" when a guard dropped it in silence; the error when a guard refused it. */
export function runStages(
  stages: Stages,
  stanza: Stanza,
  account: Account,
  observer: StageObserver,
): Stanza | "ignore" | StanzaError {
  const stamped = runStamps(stages, stanza, account, observer);
  const refusal = runGuards(stages, stamped, account, observer);
  if (refusal !== undefined) return refusal;
  for (const { owner, stage, handler } of stages.watch) {
    try {
      handler(stamped, account);
    } catch (error) {
      observer.failed(owner, stage, error);
    }
  }
  return stamped;
}

function runStamps(stages: Stages, stanza: Stanza, account: Account, observer: StageObserver): Stanza {
  let stamped = stanza;
  for (const { owner, handler } of stages.stamp) {
    try {
      const before = stamped;
      stamped = handler(before, account);
      if (stamped !== before) observer.altered(owner, stamped);
    } catch (error) {
      observer.failed(owner, "stamp", error);
    }
  }
  return stamped;
}

function runGuards(
  stages: Stages,
  stanza: Stanza,
  account: Account,
  observer: StageObserver,
): "ignore" | StanzaError | undefined {
  for (const { owner, handler } of stages.guard) {
    const verdict = verdictOf(() => handler(stanza, account), owner, observer);
    if (verdict === undefined) continue;
    observer.stopped(owner, stanza, verdict);
    return verdict;
  }
  return undefined;
}

/** A guard that fails must not let through what it would have refused. */
function verdictOf(
  guard: () => "ignore" | StanzaError | undefined,
  owner: string,
  observer: StageObserver,
): "ignore" | StanzaError | undefined {
  try {
    return guard();
  } catch (error) {
    if (error instanceof StanzaError) return error;
    observer.failed(owner, "guard", error);
    return new StanzaError("internal-server-error");
  }
}
