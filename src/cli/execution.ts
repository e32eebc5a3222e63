// Runs a command where it runs: in the server through the control socket, or without one straight on its storage.
import { join } from "node:path";
import type { Config } from "../config/config.js";
import type { Command } from "./command.js";
import type { CommandContext } from "./context.js";
import { ControlClient } from "./control/client.js";
import { CONTROL_SOCKET } from "./control/protocol.js";
import { CommandError, ExitCode } from "./failure.js";

/** Opens the storage of a server that is not running. Throws StorageError when it is in use after all. */
export type OpenOffline = (config: Config) => Promise<OfflineServer>;

export interface OfflineServer {
  readonly context: CommandContext;
  readonly close: () => Promise<void>;
}

/** One place to run a command in, opened for as many calls as it takes. */
export interface Execution {
  call(input: unknown): Promise<unknown>;
  /** Closing ends the events. */
  watch(input: unknown): AsyncIterable<unknown>;
  close(): Promise<void>;
}

/** Throws CommandError when the command needs a server and none is running; `program` tells how to start one. */
export async function openExecution(
  command: Command,
  config: Config,
  program: string,
  openOffline: OpenOffline,
): Promise<Execution> {
  const path = join(config.data, CONTROL_SOCKET);
  const client = await ControlClient.open(path);
  if (client !== undefined) return inServer(command, client);
  if (command.place === "storage") return onStorage(command, await openOffline(config));
  const advice = `Start it with: ${program} start`;
  throw new CommandError(ExitCode.unavailable, `No server is running on ${config.data}. ${advice}`);
}

function inServer({ name }: Command, client: ControlClient): Execution {
  return {
    call: (input) => client.call(name, input),
    watch: (input) => client.watch(name, input),
    close: async () => client.close(),
  };
}

function onStorage(command: Command, { context, close }: OfflineServer): Execution {
  return {
    call: (input) => command.run(context, input),
    watch: () => {
      throw new CommandError(ExitCode.unavailable, "There is nothing to watch without a running server.");
    },
    close,
  };
}
