// Entry point of the compiled server: hands the arguments to the command line.
import { extensions } from "../xeps/index.js";
import { makeRegistry, groups } from "./cli/registry.js";
import { processTerminal } from "./cli/process-terminal.js";
import { runCommandLine } from "./cli/run.js";
import { openOffline } from "./cli/storage-context.js";
import { keyed, sections } from "./server/options.js";
import { software } from "./server/software.js";

const declarations = { sections, keyed, extensions };
const commands = makeRegistry(declarations, extensions);
const { version } = software;
const terminal = processTerminal();

process.exitCode = await runCommandLine(process.argv.slice(2), terminal, {
  commands,
  groups,
  version,
  declarations,
  openOffline,
});
process.stdin.destroy(); // an unread terminal or pipe would keep the process waiting
