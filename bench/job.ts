// What the bench tells a generator process to do, and what comes back.

/** How a session reaches the server: plain TCP, or TLS (STARTTLS; the bare router: TLS at once). */
export type Transport = "tcp" | "tls";

/** A running server as the generator sees it. */
export interface Target {
  /** "bare" is the router of bench/baseline, which speaks no XMPP. */
  readonly dialect: "xmpp" | "bare";
  readonly host: string;
  readonly port: number;
  /** The XMPP domain. */
  readonly domain: string;
  /** The process whose CPU time and memory, descendants included, are measured. */
  readonly pid: number;
  /** Where it listens for its partner of `s2s`. */
  readonly federationPort?: number;
}

/** How long and how often a scenario measures. */
export interface Effort {
  /** Seconds of traffic before the first measurement. */
  readonly warmUp: number;
  /** Seconds of one measurement. */
  readonly seconds: number;
  /** Measurements of one start of a server. */
  readonly repetitions: number;
  /** Starts of each server, in turn with the others, so that a noisy minute of the machine meets all. */
  readonly rounds: number;
  /** Sessions of `idle`, and rooms of `muc-idle`. */
  readonly idlers: number;
  /** Occupants of the room that `muc-join` joins, the newcomer included. */
  readonly crowd: number;
}

/** One scenario against one server. */
export interface Job {
  readonly scenario: ScenarioKind;
  readonly transport: Transport;
  /** Messages under way per pair, broadcasts under way, or logins at once. */
  readonly window: number;
  /** How many are in the room of `muc`. */
  readonly occupants?: number;
  readonly target: Target;
  /** The second server of `s2s`, where those are who receive. */
  readonly partner?: Target;
  readonly effort: Effort;
}

export type ScenarioKind =
  "c2c" | "c2c-rate" | "s2s" | "presence" | "offline" | "login" | "idle" | "muc" | "muc-join" | "muc-idle";

/** One measurement. */
export interface Sample {
  /** What was counted: messages, deliveries, logins, sessions, joins, or rooms. */
  readonly units: number;
  readonly seconds: number;
  /** CPU time in µs. */
  readonly serverCpu: number;
  readonly generatorCpu: number;
  /** Growth of the server's Pss in KiB since before the sessions or rooms; only of `idle` and `muc-idle`. */
  readonly pss?: number;
  /** How long messages in other rooms took meanwhile, in milliseconds; only of `muc-join`. */
  readonly latencies?: readonly number[];
}

/** What a generator process sends to its parent, as its only message. */
export type Outcome = { readonly samples: readonly Sample[] } | { readonly error: string };

/** Whether what a scenario measures is memory. */
export function isOfMemory(kind: ScenarioKind): boolean {
  return kind === "idle" || kind === "muc-idle";
}

/** Password of every account. */
export const PASSWORD = "wherefore-art-thou";

/** Name of the account number `index`. */
export function accountName(index: number): string {
  return `u${index}`;
}
