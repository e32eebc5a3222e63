// What a refusal says, for tests of the parts of rooms.
import assert from "node:assert/strict";
import { StanzaError } from "../../../src/extension/index.js";

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
