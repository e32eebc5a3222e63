// Why none of a domain's servers could be connected to.
import type { ConnectStep } from "./attempt.js";

export type ConnectProblem =
  "connection-refused" | "connection-timeout" | "connection-unreachable" | "connection-failed";

/** The message says in a sentence what happened where, and what to look at. */
export class ConnectError extends Error {
  readonly problem: ConnectProblem;
  /** What came of all addresses that were tried. */
  readonly steps: readonly ConnectStep[];

  constructor(steps: readonly ConnectStep[]) {
    const failed = steps.filter(({ outcome }) => outcome !== "connected");
    const { outcome, problem, advice } = ranking.find((each) =>
      failed.some((step) => step.outcome === each.outcome),
    ) ?? {
      outcome: "failed",
      problem: "connection-failed",
      advice: "There is no server left to try.",
    };
    super(failed.length === 0 ? advice : `${told(failed, outcome)}. ${advice}`);
    this.problem = problem;
    this.steps = steps;
  }
}

interface Rank {
  readonly outcome: ConnectStep["outcome"];
  readonly problem: ConnectProblem;
  readonly advice: string;
}

/** The most telling first: a refusal comes from the other side itself, unreachable may just be an IPv6 that we haven't. */
const ranking: readonly Rank[] = [
  {
    outcome: "refused",
    problem: "connection-refused",
    advice: "The machine is up, but nothing listens there: is the server running, is it the right port?",
  },
  {
    outcome: "timeout",
    problem: "connection-timeout",
    advice: "The machine is down, or a firewall on either side drops what we send.",
  },
  {
    outcome: "failed",
    problem: "connection-failed",
    advice: "The connection broke off, or this machine does not allow it.",
  },
  {
    outcome: "unreachable",
    problem: "connection-unreachable",
    advice: "There is no route from this machine to there: look at its network, and whether it has IPv6.",
  },
  { outcome: "abandoned", problem: "connection-failed", advice: "It was given up before there was a connection." },
];

const phrases: Readonly<Record<ConnectStep["outcome"], string>> = {
  connected: "was connected",
  refused: "refuses connections",
  timeout: "does not answer",
  unreachable: "is unreachable",
  failed: "failed",
  abandoned: "was not waited for",
};

const mostTold = 4;

/** The most telling ones first, so that they are not among those left out. */
function told(steps: readonly ConnectStep[], first: ConnectStep["outcome"]): string {
  const sorted = [...steps].sort((one, other) => Number(other.outcome === first) - Number(one.outcome === first));
  const lines = sorted.slice(0, mostTold).map(({ address, target, outcome, text }) => {
    const detail = outcome === "failed" && text !== undefined ? ` (${text})` : "";
    return `${address} port ${target.port} ${phrases[outcome]}${detail}`;
  });
  const more = sorted.length > mostTold ? [`${sorted.length - mostTold} more addresses failed`] : [];
  return [...lines, ...more].join("; ");
}
