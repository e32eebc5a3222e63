// Cuts CSV into records as it comes (RFC 4180): quoted fields may hold commas, quotes and line ends.

export interface CsvRecord {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Longest record, in characters. */
const LONGEST = 65_536;

/** Lines that are empty are left out. Throws RangeError when a record is too long: a quote that never ends. */
export async function* readCsv(text: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const parser = new CsvParser();
  for await (const piece of text) yield* parser.push(piece);
  yield* parser.push("\n");
}

class CsvParser {
  #cells: string[] = [];
  #cell = "";
  /** plain → quoted at a quote → closing at the next, which may turn out to be the first of two. */
  #state: "plain" | "quoted" | "closing" = "plain";
  #line = 1;
  #start = 1;
  #length = 0;

  *push(text: string): Generator<CsvRecord> {
    for (const character of text) {
      if (character === "\n") this.#line += 1;
      if (++this.#length > LONGEST) throw new RangeError(`line ${this.#start} is longer than ${LONGEST} characters`);
      if (this.#state === "quoted") this.#inQuotes(character);
      else if (character === "\n") yield* this.#end();
      else this.#outside(character);
    }
  }

  #inQuotes(character: string): void {
    if (character === '"') this.#state = "closing";
    else this.#cell += character;
  }

  #outside(character: string): void {
    if (character === ",") {
      this.#finishCell();
    } else if (character === '"' && (this.#state === "closing" || this.#cell === "")) {
      if (this.#state === "closing") this.#cell += '"';
      this.#state = "quoted";
    } else if (character !== "\r") {
      this.#cell += character;
      this.#state = "plain";
    }
  }

  #finishCell(): void {
    this.#cells.push(this.#cell);
    this.#cell = "";
    this.#state = "plain";
  }

  *#end(): Generator<CsvRecord> {
    this.#finishCell();
    if (this.#cells.length > 1 || this.#cells[0] !== "") yield { line: this.#start, cells: this.#cells };
    this.#cells = [];
    this.#start = this.#line;
    this.#length = 0;
  }
}
