// The scenarios, and what each of them may cost: the bar that Rookery sets itself.
import type { ScenarioKind, Transport } from "./job.js";

/** At most a fraction of what a certain peer needs, or else the better one; or at most a figure. */
export type Bar =
  | { readonly kind: "fraction"; readonly of: number; readonly peer?: string }
  | { readonly kind: "figure"; readonly of: number };

/** One line of the table. */
export interface Scenario {
  readonly name: string;
  readonly kind: ScenarioKind;
  readonly transport: Transport;
  /** Messages under way per pair, broadcasts under way, or logins at once. */
  readonly window: number;
  /** How many are in the room of `muc`. */
  readonly occupants?: number;
  /** What one unit is, for the reader. */
  readonly unit: string;
  readonly bar?: Bar;
  /** What 99 of 100 messages in other rooms may take at most, in milliseconds. */
  readonly latencyBar?: number;
}

export const scenarios: readonly Scenario[] = [
  chat("c2c-tls-w4", "tls", 4, 6),
  chat("c2c-tls-w1", "tls", 1, 5),
  chat("c2c-tcp-w4", "tcp", 4),
  { ...chat("c2c-rate", "tls", 1, 3), kind: "c2c-rate", unit: "message, 1000/s" },
  { ...chat("s2s-tls-w4", "tls", 4, 5), kind: "s2s" },
  { ...chat("s2s-tls-w1", "tls", 1, 5), kind: "s2s" },
  { name: "presence-w1", kind: "presence", transport: "tcp", window: 1, unit: "delivery", bar: fraction(4) },
  { name: "presence-w4", kind: "presence", transport: "tcp", window: 4, unit: "delivery", bar: fraction(4) },
  { name: "offline", kind: "offline", transport: "tcp", window: 1, unit: "stored message", bar: fraction(2) },
  { name: "login", kind: "login", transport: "tls", window: 32, unit: "login", bar: { kind: "figure", of: 1000 } },
  { name: "idle-tls", kind: "idle", transport: "tls", window: 0, unit: "session", bar: { kind: "figure", of: 36 } },
  { name: "idle-tcp", kind: "idle", transport: "tcp", window: 0, unit: "session", bar: { kind: "figure", of: 12 } },
  ...[100, 500, 5000].map((occupants) => groupchat("tls", occupants, 3)),
  ...[100, 500, 5000].map((occupants) => groupchat("tcp", occupants, 5)),
  {
    name: "muc-join",
    kind: "muc-join",
    transport: "tls",
    window: 1,
    unit: "join",
    bar: { kind: "figure", of: 1_000_000 },
    latencyBar: 50,
  },
  { name: "muc-idle", kind: "muc-idle", transport: "tcp", window: 0, unit: "room" },
];

/** Those whose name, or its beginning up to a hyphen, was asked for; all when nothing was. */
export function chosenScenarios(names: readonly string[]): readonly Scenario[] {
  for (const name of names) {
    if (!scenarios.some((scenario) => isNamed(scenario, name)))
      throw new Error(`There is no scenario "${name}"; there are ${scenarios.map((known) => known.name).join(", ")}`);
  }
  return scenarios.filter((scenario) => names.length === 0 || names.some((name) => isNamed(scenario, name)));
}

function isNamed(scenario: Scenario, name: string): boolean {
  return scenario.name === name || scenario.name.startsWith(`${name}-`);
}

function chat(name: string, transport: Transport, window: number, part?: number): Scenario {
  const common = { name, kind: "c2c" as const, transport, window, unit: "message" };
  return part === undefined ? common : { ...common, bar: fraction(part) };
}

function groupchat(transport: Transport, occupants: number, part: number): Scenario {
  const name = `muc-${transport}-${occupants}`;
  const bar = { ...fraction(part), peer: "ejabberd" };
  return { name, kind: "muc", transport, window: 1, occupants, unit: "copy", bar };
}

function fraction(part: number) {
  return { kind: "fraction" as const, of: 1 / part };
}
