// The log: one event a line, readable or JSON, and nothing in it that is private.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatLogLine } from "../../src/observability/log-line.js";
import { createLog, silentLog, type LevelSwitch, type LogLevel } from "../../src/observability/log.js";

function makeLog(level: LogLevel = "info") {
  const lines: string[] = [];
  const levelSwitch: LevelSwitch = { level };
  return { lines, levelSwitch, log: createLog({ write: (line) => void lines.push(line) }, levelSwitch) };
}

function parse(line: string | undefined): Record<string, unknown> {
  const { time, ...rest } = JSON.parse(line ?? "") as Record<string, unknown>;
  assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  return rest;
}

test("an event is one JSON line with its fields", () => {
  const { log, lines } = makeLog();
  log.child({ host: "verona.example" }).info("session-bound", { jid: "juliet@verona.example/balcony", after_ms: 12 });
  assert.equal(lines.length, 1);
  assert.deepEqual(parse(lines[0]), {
    level: "info",
    host: "verona.example",
    jid: "juliet@verona.example/balcony",
    after_ms: 12,
    event: "session-bound",
  });
});

test("less important events are not written, and the level can change meanwhile", () => {
  const { log, lines, levelSwitch } = makeLog("warn");
  const child = log.child({ host: "verona.example" });
  const say = () => {
    log.debug("a");
    child.info("b");
    child.warn("c");
    log.error("d");
  };
  say();
  levelSwitch.level = "debug";
  assert.equal(child.isDebugging, true);
  say();
  levelSwitch.level = "error";
  say();
  assert.equal(lines.map((line) => parse(line)["event"]).join(""), "cdabcdd");
  silentLog.child({}).error("nothing");
});

test("addresses are written; passwords, bodies and stanzas are not", () => {
  class Stanza {
    body = "wherefore art thou";
  }
  const { log, lines } = makeLog();
  const jid = { local: "juliet", toJSON: () => "juliet@verona.example" };
  log.info("login", { jid, password: "s3cret", new_password: "s3cret", message: new Stanza(), body: "art thou" });
  assert.deepEqual(parse(lines[0]), {
    level: "info",
    jid: "juliet@verona.example",
    password: "[not logged]",
    new_password: "[not logged]",
    message: "[Stanza]",
    body: "[not logged]",
    event: "login",
  });
});

test("an error keeps its message and where it happened; long texts are cut", () => {
  const { log, lines } = makeLog();
  const error = Object.assign(new Error("no poison", { cause: new Error("apothecary") }), { code: "EPOISON" });
  log.error("failed", { error, text: "x".repeat(5000) });
  const fields = parse(lines[0]);
  const described = fields["error"] as Record<string, string>;
  assert.deepEqual(
    [described["message"], described["code"], described["cause"]],
    ["no poison", "EPOISON", "apothecary"],
  );
  assert.match(described["stack"] ?? "", /log\.test/);
  assert.equal(String(fields["text"]).length, 1001);
});

test("on a terminal an event is a line for people", () => {
  const { log, lines } = makeLog();
  log.warn("login-failed", { jid: "romeo@verona.example", reason: "wrong password", tries: 3 });
  const line = formatLogLine(lines[0] ?? "", false);
  assert.match(line, /^[\d:.]{12} warn {2}login-failed jid=romeo@verona\.example reason="wrong password" tries=3\n$/);
  assert.match(formatLogLine(lines[0] ?? "", true), /\x1b\[33mwarn \x1b\[0m/);
});

test("a peer can't steer the terminal", () => {
  const { log, lines } = makeLog();
  log.info("stream-opened", { to: "\x1b]0;owned\x07\x1b[31mred\n\r\x9b2J" });
  assert.doesNotMatch(formatLogLine(lines[0] ?? "", false).trimEnd(), /[\x00-\x1f\x7f-\x9f]/);
});

test("an error's stack has lines of its own", () => {
  const { log, lines } = makeLog();
  log.error("failed", { error: new Error("no poison") });
  assert.match(formatLogLine(lines[0] ?? "", false), /error failed error="no poison"\n {4}at .*log\.test[^]*\n$/);
});
