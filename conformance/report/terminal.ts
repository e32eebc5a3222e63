// Reports a run for people: failures as they come, then clause by clause.
import type { Outcome, Reporter } from "../runner/run-scenes.js";

type Result = Outcome["result"];
type Colour = (text: string) => string;

const colours: Record<Result, number> = {
  passed: 32,
  failed: 31,
  surprising: 31,
  excused: 33,
  "not advertised": 90,
  "not run": 31,
};
const marks: Record<Result, string> = {
  passed: "✓",
  failed: "✗",
  surprising: "!",
  excused: "~",
  "not advertised": "·",
  "not run": "?",
};

/** Writes failures, with what went over the wire, as soon as they are known. */
export class TerminalReporter implements Reporter {
  constructor(
    private readonly write: (line: string) => void,
    private readonly isColourful: boolean,
  ) {}

  report(outcome: Outcome): void {
    if (outcome.result === "not run") this.write(this.paint("not run")(`? ${outcome.scene.id}: ${outcome.reason}`));
    if (outcome.result === "surprising")
      this.write(this.paint("surprising")(`! ${outcome.scene.id} passed, but was expected to fail`));
    if (outcome.result !== "failed") return;
    const { scene, failure } = outcome;
    this.write(this.paint("failed")(`✗ ${failure.message}`));
    this.write(`  ${scene.spec} §${scene.section} (${scene.level}): ${scene.quote}`);
    for (const [name, lines] of failure.transcripts) for (const line of lines) this.write(`    ${name} ${line}`);
  }

  /** All scenes by specification and section, then the sums. */
  summarise(outcomes: readonly Outcome[], serverName: string): void {
    const sorted = [...outcomes].sort((one, other) => compareClauses(one, other));
    let heading = "";
    for (const outcome of sorted) {
      const { scene } = outcome;
      if (heading !== scene.spec) this.write(`\n${(heading = scene.spec)}`);
      const note = noteOf(outcome);
      this.write(
        `  ${this.paint(outcome.result)(`${marks[outcome.result]} §${scene.section}`.padEnd(16))} ${scene.title}${note}`,
      );
    }
    this.write(`\n${serverName}: ${sums(outcomes).join(", ")}`);
  }

  private paint(result: Result): Colour {
    return (text) => (this.isColourful ? `\u001b[${colours[result]}m${text}\u001b[0m` : text);
  }
}

function noteOf(outcome: Outcome): string {
  if (outcome.result === "excused") return ` — ${outcome.excuse}`;
  if (outcome.result === "not advertised") return ` — not advertised: ${outcome.missing.join(", ")}`;
  return outcome.result === "passed" ? "" : ` — ${outcome.result}`;
}

function sums(outcomes: readonly Outcome[]): string[] {
  const results: Result[] = ["passed", "failed", "surprising", "excused", "not advertised", "not run"];
  const counted = results.map(
    (result) => [result, outcomes.filter((outcome) => outcome.result === result).length] as const,
  );
  return counted.filter(([, count]) => count > 0).map(([result, count]) => `${count} ${result}`);
}

function compareClauses({ scene: one }: Outcome, { scene: other }: Outcome): number {
  return one.spec.localeCompare(other.spec) || one.section.localeCompare(other.section, "en", { numeric: true });
}
