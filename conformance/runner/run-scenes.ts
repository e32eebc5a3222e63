// Plays scenes against a server, several at a time, and tells a reporter how each went.
import type { Scene } from "../scene/scene.js";
import type { ServerUnderTest } from "../server-under-test.js";
import { findCapabilities } from "./capabilities.js";
import { play, SceneFailure } from "./play.js";

/** Milliseconds. */
const excusedPatience = 2000;

/** How a scene went. `excused` failed as the expectations foretold, `surprising` passed although they said it would not. */
export type Outcome =
  | { readonly scene: Scene; readonly result: "passed" | "surprising"; readonly milliseconds: number }
  | { readonly scene: Scene; readonly result: "failed"; readonly failure: SceneFailure }
  | { readonly scene: Scene; readonly result: "excused"; readonly failure: SceneFailure; readonly excuse: string }
  | { readonly scene: Scene; readonly result: "not advertised"; readonly missing: readonly string[] }
  | { readonly scene: Scene; readonly result: "not run"; readonly reason: string };

/** Is told of every scene when it has ended. */
export interface Reporter {
  report(outcome: Outcome): void;
}

export interface RunOptions {
  readonly scenes: readonly Scene[];
  readonly server: ServerUnderTest;
  readonly reporter?: Reporter;
  /** Scene ids that this server is known to fail, with the reason; one that begins with `sometimes` may also pass. */
  readonly expectations?: Readonly<Record<string, string>>;
  /** Milliseconds to wait for each event; 5000 by default, and only spent on failure. */
  readonly patience?: number;
  /** How many scenes are played at the same time; 8 by default. */
  readonly concurrency?: number;
  /** Aborted: scenes that have not begun are not run. */
  readonly signal?: AbortSignal;
}

/** Plays the scenes and gives their outcomes in the same order. @throws Error when the server cannot be reached at all */
export async function runScenes(options: RunOptions): Promise<Outcome[]> {
  const { scenes, server, patience = 5000, concurrency = 8 } = options;
  const capabilities = await findCapabilities(server, patience);
  const outcomes: Outcome[] = [];
  const waiting = scenes.entries();
  const worker = async () => {
    for (const [index, scene] of waiting) {
      const outcome = await playOne(scene, options, capabilities, patience);
      outcomes[index] = outcome;
      options.reporter?.report(outcome);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return outcomes;
}

async function playOne(
  scene: Scene,
  options: RunOptions,
  capabilities: Set<string>,
  patience: number,
): Promise<Outcome> {
  const missing = needsOf(scene).filter((need) => !isMet(need, capabilities));
  if (missing.length > 0) return { scene, result: "not advertised", missing };
  if (options.signal?.aborted === true) return { scene, result: "not run", reason: "the run was ended" };
  const excuse = options.expectations?.[scene.id];
  const start = performance.now();
  try {
    // Nobody waits long for what is foretold not to come.
    await play(scene, options.server, excuse === undefined ? patience : Math.min(patience, excusedPatience));
    const isForetold = excuse === undefined || excuse.startsWith("sometimes");
    return { scene, result: isForetold ? "passed" : "surprising", milliseconds: performance.now() - start };
  } catch (error) {
    if (!(error instanceof SceneFailure)) return { scene, result: "not run", reason: String(error) };
    return excuse === undefined
      ? { scene, result: "failed", failure: error }
      : { scene, result: "excused", failure: error, excuse };
  }
}

/** What its header says, and what its characters cannot do without. */
function needsOf({ needs, characters }: Scene): readonly string[] {
  const kinds = characters.map(({ kind }) => kind);
  const ports = [kinds.includes("Server") ? "server" : [], kinds.includes("Component") ? "component" : []];
  return [...ports.flat(), ...needs];
}

/** `a|b` needs one of both, `!a` needs that it is not there. */
function isMet(need: string, capabilities: Set<string>): boolean {
  return need.split("|").some((one) => (one.startsWith("!") ? !capabilities.has(one.slice(1)) : capabilities.has(one)));
}

/** Whether a run is good: nothing failed, surprised or could not be run. */
export function isGood(outcomes: readonly Outcome[]): boolean {
  return outcomes.every(({ result }) => result !== "failed" && result !== "surprising" && result !== "not run");
}
