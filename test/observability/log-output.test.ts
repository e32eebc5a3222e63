// Where the log goes: a descriptor, as JSON or for people.
import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openLog } from "../../src/observability/log-output.js";

const directory = mkdtempSync(join(tmpdir(), "rookery-log-"));
after(() => rmSync(directory, { recursive: true }));

function written(format: "auto" | "json" | "text"): string {
  const path = join(directory, format);
  const fileDescriptor = openSync(path, "w");
  const output = openLog({ level: "info", format, fileDescriptor });
  output.log.info("started", { hosts: 2 });
  output.log.debug("detail");
  output.flush();
  closeSync(fileDescriptor);
  return readFileSync(path, "utf8");
}

test("elsewhere than on a terminal it is JSON, all of it written once it is flushed", () => {
  assert.match(written("auto"), /^\{"level":"info","time":"[^"]+","hosts":2,"event":"started"\}\n$/);
});

test("text is for people", () => {
  assert.match(written("text"), /^[\d:.]{12} info {2}started hosts=2\n$/);
});
