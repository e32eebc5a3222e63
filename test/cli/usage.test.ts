// How the command line answers those who hold it wrong.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { programName } from "../../src/cli/process-terminal.js";
import { commands, makeContext, makeDirectory, makeTerminal, type, type Outcome } from "./support/stage.js";

function rookery(line: string, directory = "/nowhere"): Promise<Outcome> {
  return type(line, makeTerminal({ directory }), makeContext(["localhost"]));
}

test("help names every command, the exit codes and nothing hidden", async () => {
  const { exit, out, err } = await rookery("--help");
  assert.deepEqual([exit, err], [0, ""]);
  const words = ["start", "check", "reload", "stop", "user", "session", "room", "roster", "send", "trace"];
  for (const word of words) assert.match(out, new RegExp(`^ {2}${word} `, "m"));
  assert.match(out, /Exit codes: 0 done; 1 refused or failed; 2 wrong command line; 69 /);
  assert.equal((await rookery("--version")).out, "1.2.3\n");
});

test("each command has its own help", async () => {
  for (const { name, sentence } of commands) {
    const { exit, out } = await rookery(`${name} --help`);
    assert.equal(exit, 0, name);
    assert.ok(out.startsWith(`Usage: rookery ${name} `), out);
    assert.ok(out.replaceAll(/\s+/g, " ").includes(sentence), out);
  }
});

test("secrets and what only programs send are no options", async () => {
  for (const line of ["user create --help", "user password --help", "user import --help"]) {
    assert.doesNotMatch((await rookery(line)).out, /--password[ =](?!stdin)|--rows/);
  }
  assert.equal((await rookery("user create juliet@localhost --password wherefore")).exit, 2);
});

test("what is mistyped is said to be, with what was meant", async () => {
  const lines: [string, RegExp][] = [
    ["user craete juliet@localhost", /unknown command 'craete'\n\(Did you mean create\?\)/],
    ["user list --jsn", /unknown option '--jsn'\n\(Did you mean --json\?\)/],
    ["user show", /missing required argument 'ADDRESS'/],
    ["user show a@b c@d", /too many arguments/],
  ];
  for (const [line, message] of lines) {
    const { exit, out, err } = await rookery(line);
    assert.deepEqual([exit, out], [2, ""], line);
    assert.match(err, message);
  }
});

test("with --json an error is JSON too, on standard error", async () => {
  const { exit, out, err } = await rookery("user show juliet@localhost --json");
  assert.deepEqual([exit, out], [1, ""]);
  assert.deepEqual(JSON.parse(err), { error: "There is no account juliet@localhost.", exitCode: 1 });
});

test("a wrong configuration stops every command, with all its mistakes", async () => {
  const { path, clean } = await makeDirectory();
  await writeFile(join(path, "rookery.toml"), 'dta = "x"\n[hosts."a b"]\n');
  const { exit, out, err } = await rookery("user list", path);
  const missing = await rookery("start --config elsewhere.toml", path);
  await clean();
  assert.deepEqual([exit, out], [78, ""]);
  assert.match(
    err,
    /^Error: .*rookery\.toml:1: dta: unknown key; did you mean data\?\n.*rookery\.toml:2: hosts\."a b"/,
  );
  assert.deepEqual([missing.exit, /elsewhere\.toml:1: can't be read \(ENOENT\)/.test(missing.err)], [78, true]);
});

test("a command for the running server says how to start one", async () => {
  const { path, clean } = await makeDirectory();
  for (const line of ["session list", "trace localhost", "stop", "reload", "send juliet@localhost hello"]) {
    const { exit, out, err } = await rookery(line, path);
    assert.deepEqual([exit, out], [69, ""], line);
    assert.match(err, /^Error: No server is running on .*\/data\. Start it with: rookery start\n$/);
  }
  await clean();
});

test("the program is named as it was started", () => {
  assert.equal(programName("/home/romeo/rookery/bin/rookery.js", "/home/romeo/rookery"), "node bin/rookery.js");
  assert.equal(programName("/opt/rookery/bin/rookery.js", "/home/romeo"), "node /opt/rookery/bin/rookery.js");
  assert.equal(programName("/usr/bin/rookery", "/home/romeo"), "rookery");
});
