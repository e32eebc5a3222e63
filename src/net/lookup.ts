// What a look-up in DNS can end in, and what whoever watches one is told.
import { asciiName } from "./target.js";

export type LookupProblem = "dns-not-found" | "dns-no-service" | "dns-failed" | "dns-timeout";

/** A domain that can't be found; the message says in a sentence why, and whose business that is. */
export class LookupError extends Error {
  readonly problem: LookupProblem;

  constructor(problem: LookupProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

/** One question and what came of it, for whoever watches. */
export interface LookupStep {
  /** `_xmpp-server._tcp.verona.example SRV` */
  readonly question: string;
  /** As in a zone file: `10 5 5269 xmpp.verona.example` (priority, weight, port, target), or an address. */
  readonly answers: readonly string[];
  readonly problem?: LookupProblem;
  readonly milliseconds: number;
  /** The answer was known already, and nobody was asked. */
  readonly isCached: boolean;
}

export type LookupWatch = (step: LookupStep) => void;

/** What one question came to, without the records. */
export interface Outcome {
  readonly question: string;
  /** There is no such record, or nobody knows. */
  readonly problem?: Exclude<LookupProblem, "dns-no-service">;
  /** Why nobody knows, as half a sentence. */
  readonly reason?: string;
}

/** The name to ask for. Throws LookupError if there can't be one. */
export function nameInDns(domain: string): string {
  const name = asciiName(domain);
  if (name !== undefined) return name;
  throw new LookupError("dns-not-found", `${domain} can't be a name in DNS.`);
}

/** Not to know is another thing than to know that there is nothing. Throws LookupError. */
export function refuseUnknown({ problem, question, reason }: Outcome, domain: string): void {
  if (problem === undefined || problem === "dns-not-found") return;
  throw new LookupError(problem, `DNS could not say where ${domain} is: for ${question}, ${reason ?? problem}.`);
}
