// A batch: many calls in one flat array, run as one transaction and answered together.
import { argumentCounts, type Engine, type OperationName } from "./engine.js";
import { messageOf, StorageError, type StorageErrorCode } from "./storage-error.js";

/** Name, arguments, name, arguments, …; how many arguments belong to a name says `argumentCounts`. */
export type Calls = readonly unknown[];

/** Why the call with this number in the batch was not done. */
export type Refusal = readonly [index: number, code: StorageErrorCode, message: string];

/** One result for each call, in order; undefined where a refusal says why. */
export interface BatchOutcome {
  readonly results: readonly unknown[];
  readonly refusals: readonly Refusal[];
}

/**
 * Runs the calls in order within one transaction. Throws a StorageError with code "failed", and nothing has happened,
 * when the transaction can't be committed; a call that can't be done is refused alone.
 */
export function runBatch(engine: Engine, calls: Calls): BatchOutcome {
  const results: unknown[] = [];
  const refusals: Refusal[] = [];
  try {
    engine.begin();
    for (let at = 0; at < calls.length;) at = runCall(engine, calls, at, results, refusals);
    engine.commit();
  } catch (thrown) {
    engine.rollback();
    throw new StorageError("failed", messageOf(thrown), { cause: thrown });
  }
  return { results, refusals };
}

/** Runs the call that starts at this place; returns where the next one does. */
function runCall(engine: Engine, calls: Calls, at: number, results: unknown[], refusals: Refusal[]): number {
  const name = operationName(calls[at]);
  const end = at + 1 + argumentCounts[name];
  try {
    results.push(engine.attempt(() => invoke(engine, name, calls.slice(at + 1, end))));
  } catch (thrown) {
    if (!(thrown instanceof StorageError) || thrown.code === "failed") throw thrown;
    refusals.push([results.push(undefined) - 1, thrown.code, thrown.message]);
  }
  return end;
}

function operationName(cell: unknown): OperationName {
  if (typeof cell === "string" && isOperationName(cell)) return cell;
  throw new StorageError("failed", `A batch held ${typeof cell} where an operation's name belongs.`);
}

function isOperationName(text: string): text is OperationName {
  return text in argumentCounts;
}

function invoke(engine: Engine, name: OperationName, cells: unknown[]): unknown {
  // The queue put these arguments in from a call that was checked against this very operation.
  const operations = engine.operations as unknown as Readonly<Record<OperationName, (...cells: unknown[]) => unknown>>;
  return operations[name](...cells);
}
