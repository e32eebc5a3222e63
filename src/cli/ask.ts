// Asks people: passwords without echo, and whether they are sure.
import { randomInt } from "node:crypto";
import { ExitCode, CommandError, misused } from "./failure.js";
import type { LocalOption } from "./command.js";
import type { Input, Terminal } from "./terminal.js";

/** Longest line that is read from a person or from --password-stdin, in bytes. */
const LONGEST = 4096;
const LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** How a password comes in. Never as an argument: every user of the machine sees those, and the shell keeps them. */
export const passwordOptions: readonly LocalOption[] = [
  { flags: "--password-stdin", sentence: "read the password from the first line of standard input" },
  { flags: "--generate", sentence: "make a password and print it" },
];

export interface ChosenPassword {
  readonly password: string;
  readonly isGenerated: boolean;
}

/** From standard input, made up, or asked for twice on a terminal. */
export async function obtainPassword(
  terminal: Terminal,
  flags: Readonly<Record<string, unknown>>,
  account: string,
): Promise<ChosenPassword> {
  if (flags["generate"] === true) return { password: generatePassword(), isGenerated: true };
  if (flags["passwordStdin"] === true) return { password: await readLine(terminal.in), isGenerated: false };
  if (terminal.in.isTTY !== true) misused("No terminal to ask for the password: use --password-stdin or --generate.");
  const password = await askHidden(terminal, `Password for ${account}: `);
  if (password === "") misused("A password is needed; nothing was done.");
  if ((await askHidden(terminal, "Again: ")) !== password) misused("The two differ; nothing was done.");
  return { password, isGenerated: false };
}

/** 20 characters of 55, without those that are easily mistaken: 115 bits. */
export function generatePassword(): string {
  return Array.from({ length: 20 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}

/** Asks on a terminal. Elsewhere nobody can answer, so --yes must have said it. */
export async function confirm(terminal: Terminal, isSure: boolean, question: string): Promise<void> {
  if (isSure) return;
  if (terminal.in.isTTY !== true) misused("Nobody is here to be asked whether this is meant: say so with --yes.");
  terminal.err.write(`${question} [y/N] `);
  const answer = await readLine(terminal.in);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError(ExitCode.failed, "Nothing was done.");
}

async function askHidden({ in: input, err }: Terminal, question: string): Promise<string> {
  input.setRawMode?.(true); // before the question, so that not even an early answer is echoed
  err.write(question);
  try {
    return await readLine(input);
  } finally {
    input.setRawMode?.(false);
    err.write("\n");
  }
}

/** Reads up to the line end and leaves the rest unread. In raw mode it minds the keys that edit and interrupt. */
function readLine(input: Input): Promise<string> {
  return new Promise((resolve, reject) => {
    const bytes: number[] = [];
    const finish = (settle: () => void) => {
      input.off("readable", read).off("end", end).off("error", reject);
      settle();
    };
    const end = () => finish(() => resolve(text(bytes)));
    const read = () => {
      for (let chunk = take(input); chunk !== undefined; chunk = take(input)) {
        if (chunk === 0x0a || chunk === 0x0d) return end();
        if (chunk === 0x03) return finish(() => reject(new CommandError(130, "Interrupted; nothing was done.")));
        if (chunk === 0x7f || chunk === 0x08) removeCharacter(bytes);
        else if (bytes.push(chunk) > LONGEST) return finish(() => reject(new CommandError(ExitCode.usage, "That is too long."))); // prettier-ignore
      }
    };
    input.on("readable", read).on("end", end).on("error", reject);
  });
}

function take(input: Input): number | undefined {
  const chunk: unknown = input.read(1);
  if (typeof chunk === "string") return chunk.charCodeAt(0);
  return chunk instanceof Uint8Array ? chunk[0] : undefined;
}

/** Takes away the last UTF-8 character: its continuation bytes, then its first. */
function removeCharacter(bytes: number[]): void {
  while (((bytes.at(-1) ?? 0) & 0xc0) === 0x80) bytes.pop();
  bytes.pop();
}

function text(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString("utf8");
}
