// What a refusal says, for tests of the parts of rooms.
import assert from "node:assert/strict";
import { StanzaError } from "../../../src/extension/index.js";

export type Outcome = "yes" | StanzaError["condition"];

/** The condition of the StanzaError that the attempt ends with, or "yes". */
export function outcomeOf(attempt: () => unknown): Outcome {
  try {
    attempt();
    return "yes";
  } catch (error) {
    assert.ok(error instanceof StanzaError, String(error));
    return error.condition;
  }
}

/** Condition and text of the StanzaError that the attempt ends with. */
export function refusalOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    assert.ok(error instanceof StanzaError, String(error));
    return `${error.condition}: ${error.message}`;
  }
  return assert.fail("It was not refused.");
}

/** Its condition alone. */
export function conditionOf(attempt: () => unknown): string {
  return refusalOf(attempt).replace(/:.*/s, "");
}
