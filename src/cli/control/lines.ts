// Cuts a byte stream into lines of JSON, bounded.

/** A line that is too long or no JSON: the connection is of no more use. */
export class LineError extends Error {}

export class LineReader {
  readonly #longest: number;
  #pieces: Buffer[] = [];
  #length = 0;

  /** `longest`: bytes in a line. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The values of all lines that these bytes complete. Throws LineError. */
  push(bytes: Buffer): unknown[] {
    const values: unknown[] = [];
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
      this.#keep(bytes.subarray(start, end));
      values.push(parse(Buffer.concat(this.#pieces).toString("utf8")));
      this.#pieces = [];
      this.#length = 0;
      start = end + 1;
    }
    this.#keep(bytes.subarray(start));
    return values;
  }

  #keep(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length > this.#longest) throw new LineError(`a line is longer than ${this.#longest} bytes`);
    this.#pieces.push(piece);
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new LineError("a line is no JSON", { cause });
  }
}
