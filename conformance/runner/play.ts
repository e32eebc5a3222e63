// Plays one scene: finds the action for every step, and says where and why it failed.
import type { Scene, Step } from "../scene/scene.js";
import type { ServerUnderTest } from "../server-under-test.js";
import type { Action } from "./action.js";
import { capsActions } from "./caps-actions.js";
import { componentActions } from "./component-actions.js";
import { endActions } from "./end-actions.js";
import { gateActions } from "./gate-actions.js";
import { httpActions } from "./http-actions.js";
import { roomActions } from "./room-actions.js";
import { saslActions } from "./sasl-actions.js";
import { serverActions } from "./server-actions.js";
import { sessionActions } from "./session-actions.js";
import { Stage } from "./stage.js";
import { stanzaActions } from "./stanza-actions.js";
import { streamActions } from "./stream-actions.js";

/** A scene did not go as it should: the line, what happened, and what went over the wire. */
export class SceneFailure extends Error {
  constructor(
    readonly scene: Scene,
    readonly line: number,
    readonly reason: string,
    readonly transcripts: ReadonlyMap<string, readonly string[]>,
  ) {
    super(`${scene.id}.scs:${line}: ${reason}`);
  }
}

const actions: readonly Action[] = [
  ...sessionActions,
  ...stanzaActions,
  ...streamActions,
  ...endActions,
  ...serverActions,
  ...gateActions,
  ...componentActions,
  ...roomActions,
  ...saslActions,
  ...httpActions,
  ...capsActions,
];

/** @throws SceneFailure when the server does not do what the scene says */
export async function play(scene: Scene, server: ServerUnderTest, patience: number): Promise<void> {
  const stage = new Stage(scene, server, patience);
  try {
    await stage.prepare();
    for (const step of scene.steps) await perform(stage, step);
  } finally {
    await stage.clear();
  }
}

async function perform(stage: Stage, step: Step): Promise<void> {
  try {
    const conditional = /^(.*), if connected$/.exec(step.action)?.[1];
    if (conditional !== undefined && !stage.actor(step.actor).isConnected) return;
    for (const [phrase, action] of actions) {
      const words = phrase.exec(conditional ?? step.action);
      if (words) return await action({ stage, step, actor: stage.actor(step.actor), words: words.slice(1) });
    }
    throw new Error(`nobody knows how one «${step.action}»`);
  } catch (error) {
    throw failure(stage, step, error instanceof Error ? error.message : String(error));
  }
}

function failure(stage: Stage, step: Step, reason: string): SceneFailure {
  const transcripts = [...stage.actors.values()].map(({ name, connection }) => [name, connection.transcript] as const);
  return new SceneFailure(stage.scene, step.line, `${step.actor} ${step.action}: ${reason}`, new Map(transcripts));
}
