// rookery start: runs the server in the foreground until it is told to stop.
import { join, resolve } from "node:path";
import { loadConfig, BUILT_IN_NAME, USUAL_FILE } from "../../config/load.js";
import type { Config } from "../../config/config.js";
import type { Declarations } from "../../config/declarations.js";
import type { Extension } from "../../extension/declaration.js";
import { systemClock } from "../../extension/clock.js";
import { ListenError } from "../../net/listening.js";
import { logSection, openLog, type LogOutput } from "../../observability/log-output.js";
import { Server } from "../../server.js";
import { software } from "../../server/software.js";
import { boundHeap } from "../../server/heap.js";
import { command, type Command, type Interaction } from "../command.js";
import { ControlClient } from "../control/client.js";
import { openControl } from "../control/server.js";
import { CONTROL_SOCKET } from "../control/protocol.js";
import { CommandError, ExitCode } from "../failure.js";
import { reloadServer } from "../reload-server.js";
import { serverContext } from "../server-context.js";
import { makeStyle } from "../style.js";
import { hasColor } from "../terminal.js";
import { welcome, type Started } from "../welcome.js";

export interface StartParts {
  readonly declarations: Declarations;
  readonly extensions: readonly Extension<unknown>[];
  /** Commands that the running server takes over its control socket. */
  readonly commands: () => readonly Command[];
}

/** How a run ended. */
interface Ended {
  readonly exitCode: number;
}

export function makeStart(parts: StartParts): Command {
  return command<Ended, Record<never, never>>({
    name: "start",
    sentence: "Runs the server in the foreground, until Ctrl-C, SIGTERM or `rookery stop`.",
    details: "SIGHUP has it read its configuration and certificates again, like `rookery reload`.",
    place: "local",
    interact: (interaction) => start(interaction, parts),
    exitCode: ({ exitCode }) => exitCode,
    render: () => "",
  });
}

async function start(interaction: Interaction<Ended>, parts: StartParts): Promise<Ended> {
  const { terminal, configFile } = interaction;
  const file = configFile === undefined ? undefined : resolve(terminal.directory, configFile);
  const load = () => loadConfig(file, terminal.directory, parts.declarations);
  const config = await load();
  await requireNoOther(config, terminal.program);
  const output = openLog({ ...config.values(logSection), hasColor: hasColor(terminal.err, terminal) });
  const crashed = (error: unknown) => {
    output.log.error("crashed", { error });
    output.flushNow();
  };
  process.on("uncaughtExceptionMonitor", crashed);
  try {
    return await run(interaction, parts, config, load, output);
  } finally {
    process.off("uncaughtExceptionMonitor", crashed);
    await output.flush();
  }
}

/** The storage's lock would say so too, but only after some patience. */
async function requireNoOther({ data }: Config, program: string): Promise<void> {
  const other = await ControlClient.open(join(data, CONTROL_SOCKET));
  if (other === undefined) return;
  other.close();
  throw new CommandError(ExitCode.unavailable, `A server runs on ${data} already. Stop it with: ${program} stop`);
}

async function run(
  interaction: Interaction<Ended>,
  { extensions, commands }: StartParts,
  config: Config,
  load: () => Promise<Config>,
  { log, levelSwitch }: LogOutput,
): Promise<Ended> {
  let end: (exitCode: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => (end = resolve));
  const fail = (error: unknown) => {
    log.error("storage-failed", { error });
    end(ExitCode.failed);
  };
  boundHeap();
  const starting = Server.start({ config, extensions, log, clock: systemClock, onFailure: fail });
  const server = await starting.catch((error: unknown) => {
    throw error instanceof ListenError ? whereToChange(error, config, interaction.terminal.program) : error;
  });
  const reload = () => reloadServer(server, load, levelSwitch, log);
  const stop = () => end(ExitCode.ok);
  const control = await openControl({
    path: join(config.data, CONTROL_SOCKET),
    commands: commands(),
    context: serverContext(server, { reload, stop }),
    log,
  }).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  const stopListening = interaction.terminal.onSignal((signal) => {
    if (signal === "stop") stop();
    else reload().catch((error: unknown) => log.error("reload-failed", { error }));
  });
  announce(interaction, server, config);
  log.info("started", { version: software.version, hosts: config.hosts.map(({ domain }) => domain) });
  const exitCode = await ended;
  stopListening();
  log.info("stopping");
  await server.stop();
  await control.close();
  log.info("stopped");
  return { exitCode };
}

/** Whoever has no file yet would not know where to name another port. */
function whereToChange({ message }: ListenError, { fileName }: Config, program: string): CommandError {
  const advice =
    fileName === BUILT_IN_NAME
      ? `There is no configuration file yet; this makes one, in which [[listeners]] says what is listened on: ${program} config example > ${USUAL_FILE}`
      : `The configuration is ${fileName}; [[listeners]] says there what is listened on.`;
  return new CommandError(ExitCode.failed, `${message}\n${advice}`);
}

function announce({ terminal, isJson, configFile }: Interaction<Ended>, server: Server, config: Config): void {
  const started: Started = {
    version: software.version,
    config: config.fileName === BUILT_IN_NAME ? null : config.fileName,
    data: config.data,
    hosts: config.hosts.map(({ domain }) => domain),
    listeners: server.listening,
    processId: process.pid,
  };
  const program = terminal.program;
  const text = isJson
    ? JSON.stringify(started)
    : welcome(started, { program, configFile }, makeStyle(hasColor(terminal.out, terminal)));
  terminal.out.write(`${text}\n`);
}
