// A client program under our control: what it prints is awaited, never slept for.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import type { Socket } from "node:net";
import { PATIENCE_MILLISECONDS, STARTING_MILLISECONDS, withPatience } from "./patience.js";

// The runner gives up a file by this signal: then, too, nothing that was started stays behind.
process.once("SIGTERM", () => process.exit(143));

export interface ProgramOptions {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What it prints until it is ready, in this order: start() waits for it. */
  readonly ready?: readonly RegExp[];
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
  readonly #ended: Promise<void>;

  private constructor(name: string, { args, env = {} }: ProgramOptions) {
    this.#name = name;
    this.#child = spawn(name, args, { env: { ...process.env, ...env } });
    this.#ended = new Promise((resolve) => {
      this.#child.once("close", () => {
        this.#end();
        resolve();
      });
    });
    this.#child.stdin.on("error", () => undefined); // it has ended: whoever awaits its output will hear that
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    }
    this.#leaveNothingBehind();
  }

  /** Starts it; fails with a plain sentence when it is not installed, and with all it printed when it gets not ready. */
  static async start(name: string, options: ProgramOptions): Promise<Program> {
    const program = new Program(name, options);
    await new Promise<void>((resolve, reject) => {
      program.#child.once("spawn", resolve);
      program.#child.once("error", (cause) =>
        reject(new Error(`${name} could not be started. Install it: ${options.installation}`, { cause })),
      );
    });
    await program.#getsReady(options.ready ?? []);
    return program;
  }

  /** Waits until the pattern is printed, and takes it out; fails with all that was printed when it does not come. */
  async expect(pattern: RegExp, patience = PATIENCE_MILLISECONDS): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(new Error(`${this.#name} did not print ${String(pattern)}, but:\n${this.#all}`));
      const deadline = setTimeout(giveUp, patience);
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
    await withPatience(this.#ended, () => `${this.#name} did not end at ${signal}, and had printed:\n${this.#all}`);
  }

  /** Waits until it has done what it has to do. */
  async finishes(): Promise<void> {
    await withPatience(this.#ended, () => `${this.#name} did not come to its end, and had printed:\n${this.#all}`);
  }

  /** What is not ready in time is of no use, and would go on beside what comes next. */
  async #getsReady(signs: readonly RegExp[]): Promise<void> {
    try {
      for (const sign of signs) await this.expect(sign, STARTING_MILLISECONDS);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** A test that failed, or was given up, ends at once and not with the program; and takes the program with it. */
  #leaveNothingBehind(): void {
    this.#child.unref();
    for (const pipe of this.#child.stdio) (pipe as Socket | null)?.unref();
    const kill = () => this.#child.kill("SIGKILL");
    process.once("exit", kill);
    this.#child.once("close", () => process.off("exit", kill));
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
