// What an action of a scene is to the runner.
import type { Step } from "../scene/scene.js";
import type { Actor } from "./actor.js";
import type { Stage } from "./stage.js";

/** All that an action needs: who does it, where, and the words of the scene. */
export interface Cue {
  readonly stage: Stage;
  readonly actor: Actor;
  readonly step: Step;
  /** The groups of the action's pattern. */
  readonly words: readonly string[];
}

/** A phrase after a character's name, and what to do on it. The scene fails when it throws. */
export type Action = readonly [phrase: RegExp, perform: (cue: Cue) => Promise<void> | void];

/** `key: value` lines of a block. */
export function settingsOf({ step, stage }: Cue): Map<string, string> {
  const lines = stage.expand(step.block, false).split("\n");
  const pairs = lines.map((line) => /^\s*(\w+):\s*(.*?)\s*$/.exec(line)).filter((pair) => pair !== null);
  return new Map(pairs.map((pair) => [pair[1] ?? "", pair[2] ?? ""]));
}
