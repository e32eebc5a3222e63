// One after the other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Turns } from "../../src/extension/index.js";

test("the jobs of one key wait for each other, those of another don't, and failing stops nobody", async () => {
  const [romeo, juliet] = [{ name: "Romeo" }, { name: "Juliet" }];
  const turns = new Turns<{ readonly name: string }>();
  const scene: string[] = [];
  const enters = (who: { readonly name: string }, line: string) =>
    turns.take(who, async () => {
      await Promise.resolve();
      scene.push(`${who.name}: ${line}`);
      if (line === "Alas!") throw new Error(line);
      return line;
    });
  const lines = await Promise.allSettled([
    enters(romeo, "Alas!"),
    enters(romeo, "I defy you, stars!"),
    enters(juliet, "O happy dagger!"),
  ]);
  assert.deepEqual(scene, ["Romeo: Alas!", "Juliet: O happy dagger!", "Romeo: I defy you, stars!"]);
  assert.deepEqual(lines.map(({ status }) => status), ["rejected", "fulfilled", "fulfilled"]); // prettier-ignore
});
