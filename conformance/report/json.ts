// A run as JSON: one entry a scene, for machines.
import type { Outcome } from "../runner/run-scenes.js";

/** `{ server, scenes: [{ id, title, spec, section, level, result, reason? }] }` */
export function toJson(outcomes: readonly Outcome[], server: string): string {
  const scenes = outcomes.map((outcome) => {
    const { id, title, spec, section, level } = outcome.scene;
    return { id, title, spec, section, level, result: outcome.result, ...reasonOf(outcome) };
  });
  return JSON.stringify({ server, scenes }, null, 2);
}

function reasonOf(outcome: Outcome): { reason?: string } {
  switch (outcome.result) {
    case "failed":
      return { reason: outcome.failure.message };
    case "excused":
      return { reason: outcome.excuse };
    case "not advertised":
      return { reason: outcome.missing.join(", ") };
    case "not run":
      return { reason: outcome.reason };
    case "passed":
    case "surprising":
      return {};
  }
}
