// A reader of what is printed who goes away.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../src/main.js", import.meta.url));

test("a command whose output nobody reads any more comes to its end without a word", async () => {
  const child = spawn(process.execPath, [program, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  const [complaint] = await Promise.all([text(child.stderr), once(child, "exit")]);
  assert.deepEqual([child.exitCode, complaint], [0, ""]);
});
