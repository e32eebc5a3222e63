// The life of an account on the command line.
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeContext, makeTerminal, type, type Outcome, type TerminalOptions } from "./support/stage.js";

/** A command line on a machine where the built-in configuration counts and no server runs. */
function house(hosts: readonly string[] = ["localhost"]) {
  const context = makeContext(hosts);
  return (line: string, options?: TerminalOptions): Promise<Outcome> => type(line, makeTerminal(options), context);
}

test("an account is created, shown, closed, opened and deleted", async () => {
  const rookery = house();
  assert.deepEqual(await rookery("user create juliet@localhost --password-stdin", { input: "wherefore\n" }), {
    exit: 0,
    out: "Created juliet@localhost.\n",
    err: "",
  });
  assert.equal((await rookery("user disable juliet@localhost")).out, "Disabled juliet@localhost.\n");
  const shown = await rookery("user show juliet@localhost");
  assert.match(shown.out, /^juliet@localhost\nState: +disabled\nLogs in: +SCRAM-SHA-256, SCRAM-SHA-1\n/);
  assert.match(shown.out, /Roster: +0 contacts\nOffline: +0 messages\nSessions: +\(the server is not running\)\n$/);
  assert.equal((await rookery("user enable juliet@localhost")).out, "Enabled juliet@localhost.\n");
  assert.equal((await rookery("user delete juliet@localhost --yes")).out, "Deleted juliet@localhost.\n");
  assert.deepEqual(await rookery("user show juliet@localhost"), {
    exit: 1,
    out: "",
    err: "Error: There is no account juliet@localhost.\n",
  });
});

test("a made-up password is printed, once, and can be had as JSON", async () => {
  const rookery = house();
  const made = await rookery("user create juliet@localhost --generate");
  assert.match(made.out, /^Created juliet@localhost\.\nPassword: \w{20}\n$/);
  const changed = await rookery("user password juliet@localhost --generate --json");
  const { address, password } = JSON.parse(changed.out) as { address: string; password: string };
  assert.equal(address, "juliet@localhost");
  assert.match(password, /^\w{20}$/);
});

test("accounts are listed, of one host or of all, page by page", async () => {
  const rookery = house(["localhost", "verona.example"]);
  assert.equal((await rookery("user list")).out, "There are no accounts yet.\n");
  const crowd = Array.from({ length: 2001 }, (_, number) => `citizen${String(number).padStart(4, "0")}@localhost,x`);
  await rookery("user import", { input: ["address,password", ...crowd, "romeo@verona.example,x"].join("\n") });
  const { accounts } = JSON.parse((await rookery("user list --json")).out) as { accounts: { address: string }[] };
  assert.deepEqual(accounts.map(({ address }) => address), [...crowd.map((line) => line.slice(0, -2)), "romeo@verona.example"]); // prettier-ignore
  const verona = await rookery("user list verona.example");
  assert.match(verona.out, /^ADDRESS {15}STATE {2}LOGS IN WITH +CREATED\nromeo@verona\.example +open +SCRAM.*\n$/);
});

test("what can't be done is refused, with what to do", async () => {
  const rookery = house();
  await rookery("user create juliet@localhost --password-stdin", { input: "wherefore" });
  const errors: [string, number, RegExp][] = [
    ["user create juliet@localhost --generate", 1, /juliet@localhost exists already/],
    ["user create romeo@mantua.example --generate", 1, /mantua\.example is not served here\. Served: localhost\./],
    ["user create romeo --generate", 2, /"romeo" is no account's address; write it as romeo@HOST\./],
    ["user create romeo@localhost/orchard --generate", 2, /has no resource: romeo@localhost/],
    ["user create ro<meo@localhost --generate", 2, /is no address \(JID\)/],
    ["user create romeo@localhost", 2, /use --password-stdin or --generate/],
    ["user create romeo@localhost --password-stdin", 1, /password/],
    ["user password nobody@localhost --generate", 1, /no account nobody@localhost/],
    ["user delete juliet@localhost", 2, /--yes/],
    ["user list padua.example", 1, /not served here/],
  ];
  for (const [line, exit, message] of errors) {
    const outcome = await rookery(line);
    assert.deepEqual([outcome.exit, outcome.out], [exit, ""], line);
    assert.match(outcome.err, message, line);
  }
});

test("on a terminal the password is asked for twice, without echo", async () => {
  const context = makeContext(["localhost"]);
  const terminal = makeTerminal({ isTerminal: true, input: "wherefoze\x7f\x7fre\rwherefore\r", environment: { NO_COLOR: "1" } }); // prettier-ignore
  const outcome = await type("user create juliet@localhost", terminal, context);
  assert.deepEqual(outcome, {
    exit: 0,
    out: "Created juliet@localhost.\n",
    err: "Password for juliet@localhost: \nAgain: \n",
  });
  assert.deepEqual(terminal.rawModes, [true, false, true, false]);
});

test("two passwords that differ, none, or Ctrl-C: nothing is done", async () => {
  const context = makeContext(["localhost"]);
  const tries: [string, number, RegExp][] = [
    ["romeo\rjuliet\r", 2, /The two differ/],
    ["\r", 2, /A password is needed/],
    ["rom\x03", 130, /Interrupted/],
  ];
  for (const [input, exit, message] of tries) {
    const outcome = await type("user create juliet@localhost", makeTerminal({ isTerminal: true, input }), context);
    assert.equal(outcome.exit, exit);
    assert.match(outcome.err, message);
  }
  assert.equal((await type("user show juliet@localhost", makeTerminal(), context)).exit, 1);
});

test("a deletion is asked about on a terminal", async () => {
  const rookery = house();
  await rookery("user create juliet@localhost --generate");
  const no = await rookery("user delete juliet@localhost", { isTerminal: true, input: "n\n" });
  assert.deepEqual([no.exit, no.out], [1, ""]);
  assert.match(no.err, /^Delete juliet@localhost with its roster, messages and all else it has\? \[y\/N\] .*Nothing was done\.\n$/s); // prettier-ignore
  assert.equal((await rookery("user delete juliet@localhost", { isTerminal: true, input: "y\n" })).exit, 0);
});

test("colours only on a terminal, and not with NO_COLOR", async () => {
  const rookery = house();
  const colored = await rookery("user create juliet@localhost --generate", { isTerminal: true });
  const plain = await rookery("user show juliet@localhost", { isTerminal: true, environment: { NO_COLOR: "1" } });
  assert.match(colored.out, /\x1b\[1mjuliet@localhost\x1b\[0m/);
  assert.doesNotMatch(plain.out, /\x1b/);
});
