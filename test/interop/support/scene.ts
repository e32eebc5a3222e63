// Tests that go on where the one before has ended.
import assert from "node:assert/strict";
import { it } from "node:test";

/** Like `it`, but after one that has failed there is nothing to be learnt from the others: they fail at once. */
export function sceneAfterScene(): (name: string, play: () => Promise<void>) => void {
  let hasFailed = false;
  return (name, play) => {
    it(name, async () => {
      assert.ok(!hasFailed, "An earlier scene has failed.");
      hasFailed = true;
      await play();
      hasFailed = false;
    });
  };
}
