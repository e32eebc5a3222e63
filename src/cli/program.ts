// Makes a command line of the registry: arguments and options of each command, help, and nothing else.
import { Argument, Command as Commander, CommanderError, Option } from "commander";
import type { Command } from "./command.js";
import { ExitCode } from "./failure.js";
import type { Field } from "./field.js";
import type { Terminal } from "./terminal.js";

/** What was asked for. */
export interface Invocation {
  readonly command: Command;
  /** Fields by name, as typed. */
  readonly input: Readonly<Record<string, unknown>>;
  /** All options in camelCase. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly configFile: string | undefined;
  readonly isJson: boolean;
}

/** The invocation, or the exit code when there was only help to show or the command line was wrong. */
export async function parseCommandLine(
  argv: readonly string[],
  commands: readonly Command[],
  groups: Readonly<Record<string, string>>,
  version: string,
  terminal: Terminal,
): Promise<Invocation | number> {
  let invocation: Invocation | undefined;
  const root = makeRoot(version, terminal);
  const parents = new Map<string, Commander>();
  for (const command of commands) {
    const leaf = addLeaf(root, command, parents, groups);
    leaf.action(() => {
      invocation = read(command, leaf);
    });
  }
  try {
    await root.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  }
  return invocation ?? ExitCode.usage;
}

const EXIT_CODES = `
Exit codes: 0 done; 1 refused or failed; 2 wrong command line; 69 no server is running, or its data is in use;
70 a fault in Rookery; 77 not permitted; 78 wrong configuration.`;

function makeRoot(version: string, { out, err }: Terminal): Commander {
  return new Commander("rookery")
    .description("Rookery, an XMPP server: runs it and looks after its accounts.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", EXIT_CODES)
    .showHelpAfterError("(--help tells more)")
    .configureOutput({ writeOut: (text) => void out.write(text), writeErr: (text) => void err.write(text) })
    .exitOverride();
}

function addLeaf(
  root: Commander,
  command: Command,
  parents: Map<string, Commander>,
  groups: Readonly<Record<string, string>>,
): Commander {
  const [first = "", second] = command.name.split(" ");
  const parent = second === undefined ? root : groupOf(first, root, parents, groups);
  const leaf = parent.command(second ?? first, { hidden: command.isHidden ?? false }).description(command.sentence);
  if (command.details !== undefined) leaf.addHelpText("after", `\n${command.details}`);
  for (const name of command.positional) addArgument(leaf, name, command.fields[name]);
  const { localArgument } = command;
  if (localArgument !== undefined) leaf.argument(`[${localArgument.name.toUpperCase()}]`, localArgument.sentence);
  for (const [name, field] of Object.entries(command.fields)) {
    if (!command.positional.includes(name) && (field.form === "text" || field.form === "flag"))
      addOption(leaf, name, field);
  }
  for (const { flags, sentence } of command.localOptions) leaf.option(flags, sentence);
  return leaf
    .option("-c, --config <FILE>", "configuration file (default: rookery.toml here, else the built-in one)")
    .option("--json", "print the result as JSON");
}

function groupOf(
  name: string,
  root: Commander,
  parents: Map<string, Commander>,
  groups: Readonly<Record<string, string>>,
): Commander {
  const group = parents.get(name) ?? root.command(name).description(groups[name] ?? name);
  parents.set(name, group);
  return group;
}

function addArgument(leaf: Commander, name: string, field: Field<unknown> | undefined): void {
  if (field === undefined) return;
  const label = field.form === "texts" ? `${field.placeholder}...` : name.toUpperCase();
  leaf.addArgument(new Argument(field.isOptional ? `[${label}]` : `<${label}>`, field.sentence));
}

function addOption(leaf: Commander, name: string, field: Field<unknown>): void {
  const flag = `--${name.replaceAll("_", "-")}`;
  const option = new Option(field.form === "flag" ? flag : `${flag} <${field.placeholder}>`, field.sentence);
  leaf.addOption(field.isOptional ? option : option.makeOptionMandatory());
}

function read(command: Command, leaf: Commander): Invocation {
  const values: readonly unknown[] = leaf.processedArgs;
  const local =
    command.localArgument === undefined ? {} : { [command.localArgument.name]: values[command.positional.length] };
  const flags = { ...leaf.opts<Record<string, unknown>>(), ...local };
  const options = leaf.options.flatMap((option) => {
    const name = option.name().replaceAll("-", "_");
    const value: unknown = leaf.getOptionValue(option.attributeName());
    return Object.hasOwn(command.fields, name) && value !== undefined ? [[name, value] as const] : [];
  });
  const named = command.positional.map((name, place) => [name, values[place]] as const);
  const input = Object.fromEntries([...options, ...named.filter(([, value]) => value !== undefined)]);
  const configFile = typeof flags["config"] === "string" ? flags["config"] : undefined;
  return { command, input, flags, configFile, isJson: flags["json"] === true };
}
