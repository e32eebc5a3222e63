// The command line of the conformance suite: starts a server or connects to one, plays the scenes, reports.
import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { toJson } from "./report/json.js";
import { TerminalReporter } from "./report/terminal.js";
import { isGood, runScenes } from "./runner/run-scenes.js";
import { loadScenes } from "./scene/load-scenes.js";
import { readExpectations } from "./runner/expectations.js";
import { startServer } from "./servers/start-server.js";

interface Options {
  readonly server: string;
  readonly scenes: string[];
  readonly json?: true;
  readonly report?: string;
  readonly patience: string;
  readonly concurrency: string;
}

const command = new Command("conformance")
  .description("Plays the scenes against an XMPP server and reports clause by clause.")
  .requiredOption(
    "--server <name>",
    "prosody, ejabberd, rookery, or the host of a running server that allows registration",
  )
  .option("--scenes <patterns...>", "only the scenes that match, such as rfc6121 or 'rfc6121/roster-*'", ["*"])
  .option("--json", "print JSON instead of a text")
  .option("--report <file>", "also write the JSON into a file")
  .option("--patience <milliseconds>", "how long to wait for one stanza", "5000")
  .option("--concurrency <number>", "how many scenes at a time", "8")
  .parse();

process.exitCode = await run(command.opts<Options>());

async function run(options: Options): Promise<number> {
  const scenes = await loadScenes(options.scenes);
  const { server, stop } = await startServer(options.server);
  const write = (line: string) => void process.stdout.write(`${line}\n`);
  const reporter = new TerminalReporter(options.json ? () => undefined : write, process.stdout.isTTY);
  try {
    const expectations = await readExpectations(options.server);
    const [patience, concurrency] = [Number(options.patience), Number(options.concurrency)];
    const outcomes = await runScenes({ scenes, server, reporter, expectations, patience, concurrency });
    reporter.summarise(outcomes, server.name);
    if (options.json) write(toJson(outcomes, server.name));
    if (options.report !== undefined) await writeFile(options.report, toJson(outcomes, server.name));
    return isGood(outcomes) ? 0 : 1;
  } finally {
    await stop();
  }
}
