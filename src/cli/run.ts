// Runs one command line from its words to its exit code.
import type { Declarations } from "../config/declarations.js";
import { loadConfig } from "../config/load.js";
import type { Command, Interaction } from "./command.js";
import { openExecution, type Execution, type OpenOffline } from "./execution.js";
import { asCommandError, ExitCode } from "./failure.js";
import { parseCommandLine, type Invocation } from "./program.js";
import { makeStyle } from "./style.js";
import { hasColor, type Terminal } from "./terminal.js";
import { resolve } from "node:path";

export interface CommandLineParts {
  readonly commands: readonly Command[];
  /** Sentences for the first words of two-word commands. */
  readonly groups: Readonly<Record<string, string>>;
  readonly version: string;
  readonly declarations: Declarations;
  readonly openOffline: OpenOffline;
}

/** Resolves with the exit code; never rejects. */
export async function runCommandLine(
  argv: readonly string[],
  terminal: Terminal,
  parts: CommandLineParts,
): Promise<number> {
  const invocation = await parseCommandLine(argv, parts.commands, parts.groups, parts.version, terminal);
  if (typeof invocation === "number") return invocation;
  try {
    return await run(invocation, terminal, parts);
  } catch (error) {
    return showError(error, invocation, terminal);
  }
}

async function run(invocation: Invocation, terminal: Terminal, parts: CommandLineParts): Promise<number> {
  const { command } = invocation;
  if (command.place === "local") return finish(await command.interact?.(interaction(invocation, terminal)), invocation, terminal); // prettier-ignore
  const file = invocation.configFile === undefined ? undefined : resolve(terminal.directory, invocation.configFile);
  const config = await loadConfig(file, terminal.directory, parts.declarations);
  const execution = await openExecution(command, config, terminal.program, parts.openOffline);
  try {
    if (command.watch !== undefined) return await watch(invocation, execution, terminal);
    const call = (input: unknown) => execution.call(input);
    const result = await (command.interact?.(interaction(invocation, terminal, call)) ?? call(invocation.input));
    return finish(result, invocation, terminal);
  } finally {
    await execution.close();
  }
}

function interaction(
  { input, flags, configFile, isJson }: Invocation,
  terminal: Terminal,
  call: Interaction<unknown>["call"] = () => Promise.reject(new Error("A local command has nowhere to call.")),
): Interaction<unknown> {
  return { terminal, input, flags, configFile, isJson, call };
}

/** Shows events until a signal or the server ends them. */
async function watch(invocation: Invocation, execution: Execution, terminal: Terminal): Promise<number> {
  let isInterrupted = false;
  const stopListening = terminal.onSignal((signal) => {
    isInterrupted ||= signal === "stop";
    if (isInterrupted) execution.close().catch(() => undefined); // closing a socket does not fail
  });
  try {
    for await (const event of execution.watch(invocation.input)) finish(event, invocation, terminal);
  } catch (error) {
    if (!isInterrupted) throw error;
  } finally {
    stopListening();
  }
  return ExitCode.ok;
}

function finish(result: unknown, { command, isJson }: Invocation, terminal: Terminal): number {
  const text = isJson ? JSON.stringify(result) : command.render(result, makeStyle(hasColor(terminal.out, terminal)));
  if (text !== undefined && text !== "") terminal.out.write(`${text}\n`);
  return command.exitCode(result);
}

/** With --json the error is one too, but on standard error: standard output only ever has results. */
function showError(error: unknown, { isJson }: Invocation, terminal: Terminal): number {
  const known = asCommandError(error);
  const message = known?.message ?? `This is a fault in Rookery: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`; // prettier-ignore
  const exitCode = known?.exitCode ?? ExitCode.fault;
  const style = makeStyle(hasColor(terminal.err, terminal));
  terminal.err.write(
    isJson ? `${JSON.stringify({ error: message, exitCode })}\n` : `${style.bad("Error:")} ${message}\n`,
  );
  return exitCode;
}
