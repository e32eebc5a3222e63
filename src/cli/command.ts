// A command: what it takes, where it runs, what it does, and how its result reads.
import type { CommandContext } from "./context.js";
import { readInput, type Fields, type InputOf } from "./field.js";
import type { Style } from "./style.js";
import type { Terminal } from "./terminal.js";

/** server: needs the running one. storage: in the server, or without one straight on its storage. local: right here. */
export type Place = "server" | "storage" | "local";

/** An option of the command line alone, which says how to come by the fields' values. */
export interface LocalOption {
  /** As commander writes it: `--password-stdin`. */
  readonly flags: string;
  readonly sentence: string;
}

/** An argument of the command line alone, optional; its value is among the flags. */
export interface LocalArgument {
  readonly name: string;
  readonly sentence: string;
}

/** What the command line lends to a command that has something to ask or to read before it runs. */
export interface Interaction<B> {
  readonly terminal: Terminal;
  readonly isJson: boolean;
  /** As given with --config. */
  readonly configFile: string | undefined;
  /** The fields' values from the command line, not read yet. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The values of local options, in camelCase, and of the local argument. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** Runs the command where it runs. */
  readonly call: (input: Readonly<Record<string, unknown>>) => Promise<B>;
}

export interface Command {
  /** One or two words: `user create`. */
  readonly name: string;
  readonly sentence: string;
  /** More about it, below its help. */
  readonly details?: string;
  readonly place: Place;
  readonly isHidden?: boolean;
  readonly fields: Fields;
  /** Names of the fields that are arguments; the others are options. */
  readonly positional: readonly string[];
  readonly localOptions: readonly LocalOption[];
  readonly localArgument?: LocalArgument;
  /** Runs it with unread input; the result is plain JSON. Throws CommandError. */
  readonly run: (context: CommandContext, input: unknown) => Promise<unknown>;
  /** Instead of `run`: results come one after the other until the signal. */
  readonly watch?: (context: CommandContext, input: unknown, signal: AbortSignal) => AsyncIterable<unknown>;
  readonly interact?: (interaction: Interaction<unknown>) => Promise<unknown>;
  /** For people; without a line end. */
  readonly render: (result: unknown, style: Style) => string;
  readonly exitCode: (result: unknown) => number;
}

/** `B`: what `run` gives; `R`: what the command line gives in the end, the same unless `interact` makes more of it. */
export interface CommandFacts<F extends Fields, B, R> {
  readonly name: string;
  readonly sentence: string;
  readonly details?: string;
  readonly place: Place;
  readonly isHidden?: boolean;
  readonly fields?: F;
  readonly positional?: readonly (keyof F & string)[];
  readonly localOptions?: readonly LocalOption[];
  readonly localArgument?: LocalArgument;
  readonly run?: (context: CommandContext, input: InputOf<F>) => Promise<B>;
  readonly watch?: (context: CommandContext, input: InputOf<F>, signal: AbortSignal) => AsyncIterable<R>;
  readonly interact?: (interaction: Interaction<B>) => Promise<R>;
  readonly render: (result: R, style: Style) => string;
  /** Of a result that is no full success. */
  readonly exitCode?: (result: R) => number;
}

/** Declares a command; the types of its fields and its result meet only here, behind it all is JSON. */
export function command<B, F extends Fields = Record<never, never>, R = B>(facts: CommandFacts<F, B, R>): Command {
  const { run, watch, interact, render, exitCode, fields, positional, localOptions, ...rest } = facts;
  const declared = fields ?? ({} as F);
  return {
    ...rest,
    fields: declared,
    positional: positional ?? [],
    localOptions: localOptions ?? [],
    run: async (context, input) => run?.(context, readInput(declared, input)),
    ...(watch === undefined
      ? {}
      : { watch: (context: CommandContext, input: unknown, signal: AbortSignal) => watch(context, readInput(declared, input), signal) }), // prettier-ignore
    ...(interact === undefined ? {} : { interact: (each) => interact(each as Interaction<B>) }),
    render: (result, style) => render(result as R, style),
    exitCode: (result) => exitCode?.(result as R) ?? 0,
  };
}
