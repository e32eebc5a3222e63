// The server's end of the control socket: a Unix socket in the data directory that only the server's user can open.
import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import type { Log } from "../../observability/log.js";
import type { Command } from "../command.js";
import type { CommandContext } from "../context.js";
import { asCommandError, CommandError, ExitCode } from "../failure.js";
import { LineError, LineReader } from "./lines.js";
import { isRequest, LONGEST_REQUEST, type ControlAnswer, type ControlRequest } from "./protocol.js";

export interface ControlParts {
  /** Path of the socket. */
  readonly path: string;
  readonly commands: readonly Command[];
  readonly context: CommandContext;
  readonly log: Log;
}

export interface ControlServer {
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 64;
/** Requests on one connection that have not been answered yet. */
const MOST_WAITING = 16;
/** Longest path of a Unix socket in bytes on Linux, without the final zero; BSD and macOS allow 103. */
const LONGEST_PATH = 107;

/** Opens the socket, mode 0600. What a killed server left there is removed: the storage's lock says that it is gone. */
export async function openControl(parts: ControlParts): Promise<ControlServer> {
  const { path } = parts;
  if (Buffer.byteLength(path) > LONGEST_PATH)
    throw new CommandError(
      ExitCode.configuration,
      `${path} is too long for a socket; choose a shorter data directory.`,
    );
  await rm(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, parts);
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.listen(path);
  await once(server, "listening");
  await chmod(path, 0o600); // until then the data directory's own mode, 0700, keeps others out
  return { close: () => close(server, sockets, path) };
}

async function close(server: Server, sockets: ReadonlySet<Socket>, path: string): Promise<void> {
  const closed = once(server, "close");
  server.close();
  for (const socket of sockets) socket.end();
  await rm(path, { force: true });
  const late = setTimeout(() => sockets.forEach((socket) => socket.destroy()), 1000);
  await closed;
  clearTimeout(late);
}

/** Answers one request after the other. Reads on meanwhile, to notice when the other end goes. */
function serve(socket: Socket, parts: ControlParts): void {
  const reader = new LineReader(LONGEST_REQUEST);
  const gone = new AbortController();
  let last = Promise.resolve();
  let waiting = 0;
  const answer = async (request: unknown): Promise<void> => {
    for await (const each of answersTo(request, parts, gone.signal)) await write(socket, each);
    waiting -= 1;
  };
  const leave = () => {
    gone.abort();
    socket.destroy();
  };
  socket.on("close", leave).on("error", leave).on("end", leave);
  socket.on("data", (bytes: Buffer) => {
    try {
      const requests = reader.push(bytes);
      waiting += requests.length;
      if (waiting > MOST_WAITING) throw new LineError(`more than ${MOST_WAITING} requests at once`);
      for (const request of requests) last = last.then(() => answer(request));
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      // What still comes is read and thrown away: a reset would take the answer with it.
      socket
        .removeAllListeners("data")
        .resume()
        .end(`${JSON.stringify(failed(ExitCode.usage, error.message))}\n`);
    }
  });
}

async function* answersTo(
  request: unknown,
  parts: ControlParts,
  signal: AbortSignal,
): AsyncGenerator<ControlAnswer, void> {
  try {
    if (!isRequest(request)) {
      yield failed(ExitCode.usage, "This is no request.");
      return;
    }
    const found = parts.commands.find(({ name, place }) => name === request.command && place !== "local");
    if (found === undefined) yield failed(ExitCode.usage, `The running server has no command ${request.command}.`);
    else yield* run(found, request, parts, signal);
  } catch (error) {
    const known = asCommandError(error);
    if (known === undefined) parts.log.error("command-failed", { error });
    yield known === undefined
      ? failed(ExitCode.fault, "This failed inside the server; its log says why (command-failed).")
      : failed(known.exitCode, known.message);
  }
}

async function* run(
  { run, watch }: Command,
  { input }: ControlRequest,
  { context }: ControlParts,
  signal: AbortSignal,
): AsyncGenerator<ControlAnswer, void> {
  if (watch !== undefined) for await (const event of watch(context, input, signal)) yield { event };
  yield { result: watch === undefined ? ((await run(context, input)) ?? null) : null };
}

function failed(exitCode: number, message: string): ControlAnswer {
  return { error: { exitCode, message } };
}

async function write(socket: Socket, answer: ControlAnswer): Promise<void> {
  if (socket.destroyed) return;
  if (!socket.write(`${JSON.stringify(answer)}\n`)) await Promise.race([once(socket, "drain"), once(socket, "close")]);
}
