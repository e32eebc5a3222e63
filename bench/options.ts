// The command line of the bench.
import { parseArgs } from "node:util";
import type { KeyKind } from "./certificate.js";
import type { Effort } from "./job.js";
import { chosenScenarios, type Scenario } from "./scenarios.js";
import { servers } from "./servers/index.js";

export interface Options {
  readonly servers: readonly string[];
  readonly scenarios: readonly Scenario[];
  readonly effort: Effort;
  readonly key: KeyKind;
  /** File for the figures, or none. */
  readonly json: string | undefined;
}

const THOROUGH: Effort = { warmUp: 4, seconds: 4, repetitions: 2, rounds: 3, idlers: 10_000, crowd: 5000 };
const QUICK: Effort = { warmUp: 3, seconds: 2, repetitions: 3, rounds: 1, idlers: 1_000, crowd: 500 };

/** Reads the arguments; throws an Error with a plain sentence when they make no sense. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      servers: { type: "string", default: "rookery,prosody,ejabberd" },
      scenarios: { type: "string", default: "" },
      json: { type: "string" },
      quick: { type: "boolean", default: false },
      cert: { type: "string", default: "ecdsa" },
    },
  });
  return {
    servers: knownServers(list(values.servers)),
    scenarios: chosenScenarios(list(values.scenarios)),
    effort: values.quick ? QUICK : THOROUGH,
    key: keyKind(values.cert),
    json: values.json,
  };
}

function list(text: string): string[] {
  return text.split(",").filter((word) => word !== "");
}

function knownServers(names: readonly string[]): readonly string[] {
  const unknown = names.find((name) => !servers.has(name));
  if (unknown === undefined) return names;
  throw new Error(`There is no server "${unknown}"; there are ${[...servers.keys()].join(", ")}`);
}

function keyKind(text: string): KeyKind {
  if (text === "ecdsa" || text === "rsa") return text;
  throw new Error(`--cert is ecdsa or rsa, not "${text}"`);
}
