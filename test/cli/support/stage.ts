// A stage for command lines: a terminal of streams, accounts in memory, and a server that only pretends to run.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { createAuthentication } from "../../../src/auth/authentication.js";
import { preparation } from "../../../src/auth/jid-preparation.js";
import { nodePrimitives } from "../../../src/auth/primitives.js";
import type { CommandContext, ServerOperations } from "../../../src/cli/context.js";
import { makeRegistry, groups } from "../../../src/cli/registry.js";
import { runCommandLine } from "../../../src/cli/run.js";
import { storageContext } from "../../../src/cli/storage-context.js";
import type { Terminal } from "../../../src/cli/terminal.js";
import { keyed, sections } from "../../../src/server/options.js";
import type { Extension } from "../../../src/extension/declaration.js";
import { extensions as allExtensions } from "../../../xeps/index.js";
import { memoryStorage } from "../../../src/storage/memory/memory-storage.js";

/** What a command line left behind. */
export interface Outcome {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export interface TerminalOptions {
  /** What is typed, or comes through a pipe. */
  readonly input?: string;
  /** A person sits there. */
  readonly isTerminal?: boolean;
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface FakeTerminal extends Terminal {
  readonly written: { out: string; err: string };
  /** Whether each question was asked without echo. */
  readonly rawModes: boolean[];
  signal(signal: "stop" | "reload"): void;
}

/** All commands of a program that has these extensions. */
export function commandsWith(extensions: readonly Extension<unknown>[]) {
  const declarations = { sections, keyed, extensions };
  return { commands: makeRegistry(declarations, extensions), declarations };
}

const program = commandsWith(allExtensions);
export const { commands } = program;

export function makeTerminal(options: TerminalOptions = {}): FakeTerminal {
  const { input = "", isTerminal = false, directory = "/nowhere", environment = {} } = options;
  const written = { out: "", err: "" };
  const rawModes: boolean[] = [];
  const listeners = new Set<(signal: "stop" | "reload") => void>();
  const stream = new PassThrough();
  stream.end(input);
  return {
    in: Object.assign(stream, { isTTY: isTerminal, setRawMode: (isRaw: boolean) => rawModes.push(isRaw) }),
    out: { isTTY: isTerminal, write: (text) => (written.out += text) },
    err: { isTTY: isTerminal, write: (text) => (written.err += text) },
    environment,
    directory,
    program: "rookery",
    onSignal(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    written,
    rawModes,
    signal: (signal) => listeners.forEach((each) => each(signal)),
  };
}

/** Accounts in memory, with key derivation that costs nothing. */
export function makeContext(hosts: readonly string[], server?: ServerOperations): CommandContext {
  const storage = memoryStorage();
  const { accounts } = createAuthentication({
    accounts: storage.accounts,
    secret: Buffer.alloc(32),
    preparation,
    optionsOf: () => ({ mechanisms: [], anonymous: false, scram_iterations: 10_000, former_scram_iterations: [] }),
    onFault: () => undefined,
    primitives: { ...nodePrimitives, pbkdf2: async (hash) => Buffer.alloc(hash === "SHA-1" ? 20 : 32) },
  });
  return { ...storageContext(hosts, accounts, storage), server };
}

/** Runs a command line; words are separated by spaces, or quoted. */
export async function type(
  line: string,
  terminal: FakeTerminal,
  context: CommandContext,
  { commands, declarations } = program,
): Promise<Outcome> {
  const words = Array.from(line.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? "");
  const openOffline = async () => ({ context, close: async () => undefined });
  const exit = await runCommandLine(words, terminal, { commands, groups, version: "1.2.3", declarations, openOffline });
  return { exit, ...terminal.written };
}

/** A directory with a configuration for verona.example; `clean` removes it. */
export async function makeDirectory(): Promise<{ readonly path: string; readonly clean: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "rookery-cli-"));
  return { path, clean: () => rm(path, { recursive: true, force: true }) };
}
