// How an extension says what it is: facts at the top, behaviour in start().
import type { Options, ValuesOf } from "../config/option.js";
import type { Shape } from "../storage/shapes.js";
import type { Host } from "./host.js";

/** What an extension keeps, by name; `blocklist` of the extension `blocking` is `blocking.blocklist` in storage. */
export type Stores = Readonly<Record<string, Shape<unknown>>>;

export interface ExtensionFacts<O extends Options, S extends Stores, A> {
  /** The XEP's number, four digits; absent for what no XEP describes. */
  readonly xep?: string;
  /** A word or two, unique: the table [extensions.<name>] in the configuration, and the owner in logs and traces. */
  readonly name: string;
  /** The version of the XEP that is followed. */
  readonly version?: string;
  /** What it is for, in one sentence for an operator. */
  readonly sentence: string;
  /** Features of the host to announce by service discovery. */
  readonly features?: readonly string[];
  /** Features of each account to announce by service discovery. */
  readonly accountFeatures?: readonly string[];
  /** Extensions that must run too, and start before. */
  readonly requires?: readonly Extension<unknown>[];
  /** Off unless the configuration turns it on. */
  readonly isOffByDefault?: boolean;
  readonly options?: O;
  readonly stores?: S;
  /**
   * The domains that it opens as services on a host (see Host.openService): known before it starts, for certificates and
   * federation are to include them. Each must be one that nobody else on this server has.
   */
  readonly services?: (options: ValuesOf<O>, host: string) => readonly string[];
  /** Runs once per virtual host; its closure is that host's state. What it returns, others get by `use`. */
  start(host: Host<O, S>): A | Promise<A>;
}

/** An extension as core handles it, whatever its options and stores. */
export interface Extension<A> extends Omit<ExtensionFacts<Options, Stores, A>, "start" | "services"> {
  readonly options: Options;
  readonly stores: Stores;
  readonly services: (options: ValuesOf<Options>, host: string) => readonly string[];
  readonly start: (host: Host<Options, Stores>) => A | Promise<A>;
}

/** Declares an extension; the types of options and stores reach its start(). */
export function extension<A = void, O extends Options = Record<never, never>, S extends Stores = Record<never, never>>(
  facts: ExtensionFacts<O, S, A>,
): Extension<A> {
  const { options, stores, services } = facts;
  return {
    ...facts,
    options: options ?? {},
    stores: stores ?? {},
    services: (values, host) => services?.(values as ValuesOf<O>, host) ?? [],
    // Core opens exactly the options and stores that the facts declare, so the host handed in is of this very type.
    start: (host) => facts.start(host as unknown as Host<O, S>),
  };
}
