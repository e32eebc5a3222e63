// A client program under our control: what it prints is awaited, never slept for.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { PATIENCE_MILLISECONDS, withPatience } from "./patience.js";

// The runner gives up a file by this signal: then, too, nothing that was started stays behind.
process.once("SIGTERM", () => process.exit(143));

export interface ProgramOptions {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** How to install the program where it is missing. */
  readonly installation: string;
}

export class Program {
  /** Everything printed that has not been awaited yet, both channels together. */
  #unread = "";
  #all = "";
  #hasEnded = false;
  #check: () => void = () => undefined;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #name: string;
  /** Resolves when the program has ended. */
  readonly ended: Promise<void>;

  private constructor(name: string, { args, env = {} }: ProgramOptions) {
    this.#name = name;
    this.#child = spawn(name, args, { env: { ...process.env, ...env } });
    this.ended = new Promise((resolve) => {
      this.#child.once("close", () => {
        this.#end();
        resolve();
      });
    });
    const kill = () => this.#child.kill("SIGKILL"); // a test that is given up leaves nothing behind
    process.once("exit", kill);
    this.#child.once("close", () => process.off("exit", kill));
    this.#child.stdin.on("error", () => undefined); // it has ended: whoever awaits its output will hear that
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    }
  }

  /** Starts it; fails with a plain sentence when it is not installed. */
  static async start(name: string, options: ProgramOptions): Promise<Program> {
    const program = new Program(name, options);
    await new Promise<void>((resolve, reject) => {
      program.#child.once("spawn", resolve);
      program.#child.once("error", (cause) =>
        reject(new Error(`${name} could not be started. Install it: ${options.installation}`, { cause })),
      );
    });
    return program;
  }

  /** Waits until the pattern is printed, and takes it out; fails with all that was printed when it does not come. */
  async expect(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(new Error(`${this.#name} did not print ${String(pattern)}, but:\n${this.#all}`));
      const deadline = setTimeout(giveUp, PATIENCE_MILLISECONDS);
      this.#check = () => {
        const match = pattern.exec(this.#unread);
        if (!match && !this.#hasEnded) return;
        clearTimeout(deadline);
        this.#check = () => undefined;
        if (match) resolve(this.#take(match));
        else giveUp();
      };
      this.#check();
    });
  }

  /** Everything printed so far. */
  get output(): string {
    return this.#all;
  }

  /** From now on only what is printed from now on is awaited. */
  forget(): void {
    this.#unread = "";
  }

  /** Types a line. */
  type(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Closes the program's input. */
  endInput(): void {
    this.#child.stdin.end();
  }

  /** Sends it a signal. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it, however it feels, and waits until it has; fails with all that it printed when it does not end. */
  async stop(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    this.#child.kill(signal);
    await withPatience(this.ended, () => `${this.#name} did not end at ${signal}, and had printed:\n${this.#all}`);
  }

  #take(match: RegExpExecArray): RegExpExecArray {
    this.#unread = this.#unread.slice(0, match.index) + this.#unread.slice(match.index + match[0].length);
    return match;
  }

  #end(): void {
    this.#hasEnded = true;
    this.#check();
  }

  #read(text: string): void {
    this.#unread += text;
    this.#all += text;
    this.#check();
  }
}
