// Accounts brought over from elsewhere: CSV and JSON lines, passwords and bcrypt hashes, and lines that are wrong.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readCsv } from "../../src/cli/import/csv.js";
import { makeContext, makeDirectory, makeTerminal, type, type Outcome, type TerminalOptions } from "./support/stage.js";

const HASH = "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW";

function house() {
  const context = makeContext(["localhost"]);
  const rookery = (line: string, options?: TerminalOptions): Promise<Outcome> => type(line, makeTerminal(options), context); // prettier-ignore
  return { context, rookery };
}

/** The outcome without the time it took. */
function timeless({ exit, out, err }: Outcome): Outcome {
  return { exit, out: out.replaceAll(/[\d.]+ s\b/g, "0 s").replaceAll(/"seconds":[\d.]+/g, '"seconds":0'), err };
}

test("CSV with passwords and hashes", async () => {
  const { context, rookery } = house();
  const input = `address,password,bcrypt\r\njuliet@localhost,"where""fore, art",\r\n\r\nromeo@LOCALHOST,,${HASH}\r\n`;
  assert.deepEqual(timeless(await rookery("user import", { input })), {
    exit: 0,
    out: "Created 2 accounts in 0 s.\n",
    err: "",
  });
  assert.deepEqual((await context.accounts.show({ host: "localhost", user: "romeo" }))?.credentials, ["bcrypt"]);
});

test("JSON lines from a file", async () => {
  const { rookery } = house();
  const { path, clean } = await makeDirectory();
  const lines = [
    { address: "juliet@localhost", password: "wherefore" },
    { address: "romeo@localhost", bcrypt: HASH },
  ];
  await writeFile(join(path, "accounts.jsonl"), lines.map((line) => JSON.stringify(line)).join("\n"));
  const outcome = await rookery("user import accounts.jsonl --json", { directory: path });
  await clean();
  assert.equal(timeless(outcome).out, '{"created":2,"existing":0,"failed":0,"seconds":0,"problems":[]}\n');
});

test("each wrong line is told with its number, and all others are imported", async () => {
  const { rookery } = house();
  const input = [
    "address,password,bcrypt",
    "juliet@localhost,wherefore,",
    "tybalt,king of cats,",
    "juliet@localhost,again,",
    "romeo@localhost,,$1$md5",
    '"paris@localhost","two',
    'lines",',
    "nurse@localhost",
    "friar@mantua.example,x,",
    `prince@localhost,${"x".repeat(17_000)},`,
    "mercutio@localhost,,",
    "benvolio@localhost,x,",
  ].join("\n");
  assert.deepEqual(timeless(await rookery("user import", { input })), {
    exit: 1,
    out: "Created 2 accounts in 0 s.\n8 lines could not be imported.\n",
    err:
      "Line 8: 1 columns instead of 3\n" +
      "Line 10: too long\n" +
      "Line 11: mercutio@localhost: neither password nor bcrypt\n" +
      'Line 3: tybalt: "tybalt" is no account\'s address; write it as tybalt@HOST.\n' +
      "Line 4: juliet@localhost: juliet@localhost exists already\n" +
      "Line 5: romeo@localhost: only bcrypt hashes ($2a$, $2b$, $2y$; cost 4 to 15) can be imported\n" +
      "Line 6: paris@localhost: this password is empty, too long or has forbidden characters\n" +
      "Line 9: friar@mantua.example: mantua.example is not served here. Served: localhost.\n",
  });
});

test("run again, it leaves alone what is there", async () => {
  const { rookery } = house();
  const input = "address,password\njuliet@localhost,wherefore\n";
  await rookery("user import", { input });
  const again = timeless(await rookery("user import --skip-existing", { input: `${input}romeo@localhost,art thou\n` }));
  assert.deepEqual(again, { exit: 0, out: "Created 1 account in 0 s.\n1 account existed already.\n", err: "" });
});

test("wrong JSON lines are told of", async () => {
  const { rookery } = house();
  const input = '{"address":"juliet@localhost","password":"x"}\n{"address":\n["a"]\n{"address":7,"password":"x"}\n';
  const { exit, err } = await rookery("user import", { input });
  assert.equal(exit, 1);
  assert.equal(err, "Line 2: no JSON object\nLine 3: no JSON object\nLine 4: no address\n");
});

test("a file that is neither, isn't there, or never ends a quote", async () => {
  const { rookery } = house();
  const unnamed = await rookery("user import", { input: "juliet@localhost,wherefore\n" });
  assert.deepEqual([unnamed.exit, /first line must name the columns/.test(unnamed.err)], [2, true]);
  const missing = await rookery("user import missing.csv");
  assert.deepEqual([missing.exit, missing.err], [1, "Error: /nowhere/missing.csv can't be read: ENOENT\n"]);
  const endless = await rookery("user import", { input: `address,password\njuliet@localhost,"${"x".repeat(70_000)}` });
  assert.deepEqual([endless.exit, /line 2 is longer than 65536 characters/.test(endless.err)], [1, true]);
  const nothing = await rookery("user import", { input: "" });
  assert.equal(nothing.exit, 0);
});

test("progress is shown on a terminal only, and leaves no trace", async () => {
  const { rookery } = house();
  const { path, clean } = await makeDirectory();
  await writeFile(join(path, "accounts.csv"), "address,password\njuliet@localhost,wherefore\n");
  const { err } = await rookery("user import accounts.csv", { isTerminal: true, directory: path });
  await clean();
  assert.match(err, /^\r\x1b\[K1 accounts, \d+\/s\r\x1b\[K$/);
});

test("CSV is read the same however it is cut", async () => {
  const text = 'a,"b,\r\n""c"""\r\n\n,\nlast,"x"';
  for (let size = 1; size < text.length; size++) {
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
    const records: unknown[] = [];
    for await (const { line, cells } of readCsv(asyncOf(pieces))) records.push([line, ...cells]);
    assert.deepEqual(records, [[1, "a", 'b,\r\n"c"'], [4, "", ""], [5, "last", "x"]]); // prettier-ignore
  }
});

async function* asyncOf(pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces;
}
