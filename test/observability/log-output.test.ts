// Where the log goes: a descriptor, as JSON or for people, also when nobody reads it any more.
import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { LineOutput } from "../../src/observability/line-output.js";
import { openLog } from "../../src/observability/log-output.js";

const directory = mkdtempSync(join(tmpdir(), "rookery-log-"));
after(() => rmSync(directory, { recursive: true }));

async function written(write: (fileDescriptor: number) => Promise<void> | void): Promise<string> {
  const path = join(directory, "log");
  const fileDescriptor = openSync(path, "w");
  await write(fileDescriptor);
  closeSync(fileDescriptor);
  return readFileSync(path, "utf8");
}

function start(format: "auto" | "text") {
  return async (fileDescriptor: number) => {
    const output = openLog({ level: "info", format, fileDescriptor });
    output.log.info("started", { hosts: 2 });
    output.log.debug("detail");
    await output.flush();
  };
}

test("elsewhere than on a terminal it is JSON, all of it written once it is flushed", async () => {
  assert.match(await written(start("auto")), /^\{"level":"info","time":"[^"]+","hosts":2,"event":"started"\}\n$/);
});

test("text is for people", async () => {
  assert.match(await written(start("text")), /^[\d:.]{12} info {2}started hosts=2\n$/);
});

test("lines come out in order, whole, however they were flushed", async () => {
  const text = await written(async (fileDescriptor) => {
    const output = new LineOutput(fileDescriptor);
    for (let line = 0; line < 1000; line++) output.write(`${line}\n`);
    await output.flush();
    output.write("last\n");
    output.flushNow();
  });
  assert.equal(text, `${Array.from({ length: 1000 }, (_, line) => `${line}\n`).join("")}last\n`);
});

test("what a slow reader can't take is dropped and counted", async () => {
  const text = await written(async (fileDescriptor) => {
    const output = new LineOutput(fileDescriptor, 10);
    for (let line = 0; line < 5; line++) output.write("Romeo\n");
    await output.flush();
  });
  assert.match(text, /^Romeo\n\{"level":"warn",.*"count":4,"event":"log-lines-dropped"\}\n$/);
});

test("a descriptor that fails for good holds nothing up", async () => {
  const output = new LineOutput(openSync(join(directory, "log"), "r"));
  output.write("not writable\n");
  await output.flush();
  output.write("not writable\n");
  output.flushNow();
  await output.flush();
  assert.equal(readFileSync(join(directory, "log"), "utf8").includes("not writable"), false);
});
