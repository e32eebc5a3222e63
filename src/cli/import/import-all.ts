// Imports a stream of records batch by batch, tells of each line that fails, and shows how far it is.
import { hasColor, type Terminal } from "../terminal.js";
import { makeStyle } from "../style.js";
import type { AccountRecord } from "./records.js";
import { BATCH, LONGEST_BATCH, LONGEST_ROW, type ImportRow, type RowOutcome } from "./rows.js";

export interface ImportReport {
  readonly created: number;
  readonly existing: number;
  readonly failed: number;
  readonly seconds: number;
  /** The first of the lines that failed. */
  readonly problems: readonly LineProblem[];
}

export interface LineProblem {
  readonly line: number;
  readonly address: string;
  readonly message: string;
}

export interface ImportOptions {
  /** Accounts that exist already are no failures. */
  readonly isSkippingExisting: boolean;
  readonly terminal: Terminal;
}

/** Problems that the report lists; the terminal is told of all. */
const MOST_PROBLEMS = 1000;

export async function importAll(
  records: AsyncIterable<AccountRecord>,
  send: (rows: readonly ImportRow[]) => Promise<readonly RowOutcome[]>,
  options: ImportOptions,
): Promise<ImportReport> {
  const tally = new Tally(options);
  let rows: ImportRow[] = [];
  let length = 0;
  for await (const record of records) {
    const row = asRow(record);
    const size = JSON.stringify(row).length;
    if ("message" in row) tally.failed(row);
    else if (size > LONGEST_ROW) tally.failed({ line: row.line, address: "", message: "too long" });
    else {
      rows.push(row);
      length += size;
    }
    if (rows.length < BATCH && length < LONGEST_BATCH) continue;
    tally.add(await send(rows));
    rows = [];
    length = 0;
  }
  if (rows.length > 0) tally.add(await send(rows));
  return tally.report();
}

function asRow(record: AccountRecord): ImportRow | LineProblem {
  const { line } = record;
  if ("problem" in record) return { line, address: "", message: record.problem };
  const { address, password, bcrypt } = record.values;
  if (typeof address !== "string") return { line, address: "", message: "no address" };
  if (typeof bcrypt === "string") return { line, address, secret: { bcrypt } };
  if (typeof password === "string") return { line, address, secret: { password } };
  return { line, address, message: "neither password nor bcrypt" };
}

/** Counts, and keeps the terminal informed. */
class Tally {
  #created = 0;
  #existing = 0;
  #failed = 0;
  readonly #problems: LineProblem[] = [];
  readonly #startedAt = performance.now();
  readonly #hasProgress: boolean;

  constructor(private readonly options: ImportOptions) {
    this.#hasProgress = options.terminal.err.isTTY === true;
  }

  add(outcomes: readonly RowOutcome[]): void {
    for (const { line, address, state, message = "" } of outcomes) {
      if (state === "created") this.#created += 1;
      else if (state === "exists" && this.options.isSkippingExisting) this.#existing += 1;
      else this.failed({ line, address, message });
    }
    const rate = Math.round(this.#created / Math.max(this.#seconds, 0.001));
    if (this.#hasProgress) this.options.terminal.err.write(`\r\x1b[K${this.#created} accounts, ${rate}/s`);
  }

  failed(problem: LineProblem): void {
    const { terminal } = this.options;
    const { bad } = makeStyle(hasColor(terminal.err, terminal));
    const address = problem.address === "" ? "" : `${problem.address}: `;
    terminal.err.write(
      `${this.#hasProgress ? "\r\x1b[K" : ""}${bad(`Line ${problem.line}:`)} ${address}${problem.message}\n`,
    );
    this.#failed += 1;
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push(problem);
  }

  report(): ImportReport {
    if (this.#hasProgress) this.options.terminal.err.write("\r\x1b[K");
    const seconds = Math.round(this.#seconds * 10) / 10;
    return {
      created: this.#created,
      existing: this.#existing,
      failed: this.#failed,
      seconds,
      problems: this.#problems,
    };
  }

  get #seconds(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }
}
