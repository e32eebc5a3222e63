// The control socket itself: what is bounded, refused, and cleaned up.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { ControlClient } from "../../src/cli/control/client.js";
import { LineReader } from "../../src/cli/control/lines.js";
import { openControl, type ControlServer } from "../../src/cli/control/server.js";
import type { Command } from "../../src/cli/command.js";
import { command } from "../../src/cli/command.js";
import { createLog } from "../../src/observability/log.js";
import { makeContext, makeDirectory } from "./support/stage.js";

const context = makeContext(["localhost"]);
const echo = command<unknown>({ name: "echo", sentence: "", place: "server", run: async () => "echo", render: String });
const fault = command<never>({
  name: "fault",
  sentence: "",
  place: "server",
  run: () => Promise.reject(new TypeError("a plague")),
  render: String,
});
const here = command<unknown>({ name: "here", sentence: "", place: "local", run: async () => "here", render: String });

let directory: { path: string; clean: () => Promise<void> };
let path = "";
let control: ControlServer;
const logged: string[] = [];
const log = createLog({ write: (line) => void logged.push(line) }, { level: "error" });

beforeEach(async () => {
  directory = await makeDirectory();
  path = join(directory.path, "control.sock");
  control = await start([echo, fault, here]);
});
afterEach(async () => {
  await control.close();
  await directory.clean();
});

function start(commands: readonly Command[]): Promise<ControlServer> {
  return openControl({ path, commands, context, log });
}

async function client(): Promise<ControlClient> {
  const opened = await ControlClient.open(path);
  assert.ok(opened);
  return opened;
}

/** Sends bytes as they are; gives all that comes back until the server hangs up. */
async function exchange(text: string): Promise<string> {
  const socket = connect(path);
  socket.write(text);
  let answer = "";
  socket.on("data", (bytes: Buffer) => (answer += bytes.toString()));
  await once(socket, "close");
  return answer;
}

test("one connection takes one request after the other", async () => {
  const asking = await client();
  assert.deepEqual(await Promise.all([asking.call("echo", {}), asking.call("echo", {})]), ["echo", "echo"]);
  asking.close();
});

test("unknown and local commands are refused; a fault is logged and not told", async () => {
  const asking = await client();
  await assert.rejects(asking.call("encore", {}), {
    exitCode: 2,
    message: "The running server has no command encore.",
  });
  await assert.rejects(asking.call("here", {}), { exitCode: 2 });
  await assert.rejects(asking.call("fault", {}), { exitCode: 70, message: /its log says why/ });
  assert.match(logged.splice(0).join(""), /"message":"a plague"/);
  assert.equal(await asking.call("echo", {}), "echo");
  asking.close();
});

test("what is no request ends the connection, or gets an error", async () => {
  assert.match(await exchange("wherefore\n"), /a line is no JSON/);
  assert.match(await exchange("x".repeat(1_100_000)), /longer than 1048576 bytes/);
  assert.match(await exchange('{"command":"echo"}\n'.repeat(17)), /more than 16 requests at once/);
  const asking = await client();
  assert.equal(await asking.call("echo", {}), "echo");
  asking.close();
});

test("lines are put together however they come", () => {
  const reader = new LineReader(100);
  const values = [...'{"a":"ä"}\n[1]\n'].flatMap((character) => reader.push(Buffer.from(character)));
  assert.deepEqual(values, [{ a: "ä" }, [1]]);
});

test("closing ends connections and removes the socket; what a killed server left is replaced", async () => {
  const asking = await client();
  const answer = asking.call("echo", {});
  await answer;
  await control.close();
  await assert.rejects(asking.call("echo", {}), { exitCode: 69 });
  assert.deepEqual(await readdir(directory.path), []);
  assert.equal(await ControlClient.open(path), undefined);
  await writeFile(path, "left over");
  control = await start([echo]);
  assert.equal(await (await client()).call("echo", {}), "echo");
});

test("a path that is too long for a socket is said to be", async () => {
  const long = join(directory.path, "x".repeat(100));
  await assert.rejects(openControl({ path: long, commands: [], context, log }), { exitCode: 78, message: /too long/ });
});
