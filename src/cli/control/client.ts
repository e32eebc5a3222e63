// The command line's end of the control socket.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { CommandError, ExitCode } from "../failure.js";
import { LineReader } from "./lines.js";
import { isAnswer, LONGEST_ANSWER, type ControlAnswer } from "./protocol.js";

export class ControlClient {
  readonly #answers: AsyncGenerator<ControlAnswer, undefined>;

  private constructor(private readonly socket: Socket) {
    this.#answers = readAnswers(socket);
  }

  /** Undefined when no server listens there. Throws CommandError when this user may not. */
  static async open(path: string): Promise<ControlClient | undefined> {
    const socket = connect(path);
    try {
      await once(socket, "connect");
      return new ControlClient(socket);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "ENOENT" || code === "ECONNREFUSED" || code === "ENOTDIR" || code === "EINVAL") return undefined;
      const message = `The control socket ${path} can't be opened (${String(code)}); run this as the server's user.`;
      throw code === "EACCES" || code === "EPERM" ? new CommandError(ExitCode.noPermission, message) : error;
    }
  }

  /** The result of a command. Throws the CommandError that the server answers with. */
  async call(command: string, input: unknown): Promise<unknown> {
    this.#ask(command, input);
    const answer = await this.#next();
    return "result" in answer ? answer.result : broken();
  }

  /** The events of a command, until it ends or the server has stopped. */
  async *watch(command: string, input: unknown): AsyncGenerator {
    this.#ask(command, input);
    for await (const answer of this.#answers) {
      if (!("event" in answer)) return accept(answer);
      yield answer.event;
    }
  }

  close(): void {
    this.socket.destroy();
  }

  #ask(command: string, input: unknown): void {
    this.socket.write(`${JSON.stringify({ command, input })}\n`);
  }

  async #next(): Promise<ControlAnswer> {
    const { done, value } = await this.#answers.next();
    if (done === true)
      throw new CommandError(ExitCode.unavailable, "The server has closed the connection; it is stopping.");
    accept(value);
    return value;
  }
}

function accept(answer: ControlAnswer): void {
  if ("error" in answer) throw new CommandError(answer.error.exitCode, answer.error.message);
}

async function* readAnswers(socket: Socket): AsyncGenerator<ControlAnswer, undefined> {
  const reader = new LineReader(LONGEST_ANSWER);
  try {
    for await (const bytes of socket as AsyncIterable<Buffer>) {
      for (const value of reader.push(bytes)) yield isAnswer(value) ? value : broken();
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ECONNRESET" && code !== "EPIPE" && code !== "ERR_STREAM_PREMATURE_CLOSE") throw error; // else: the end
  }
}

function broken(): never {
  throw new CommandError(ExitCode.fault, "The server's answer is not understood; is it of another version?");
}
