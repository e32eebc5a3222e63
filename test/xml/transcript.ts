// Records what a reader tells, one line an event, so that tests read as transcripts.
import { StreamReader } from "../../src/xml/reader.js";
import type { ReaderEvents, ReaderLimits } from "../../src/xml/reader.js";
import type { Fragment } from "../../src/xml/fragment.js";

export const LIMITS: ReaderLimits = { stanzaBytes: 10_000, depth: 20, attributes: 20, nameLength: 100 };

export const HEADER =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " +
  "to='capulet.lit' version='1.0'>";

/** Events as lines: `open stream`, `<message>…`, `close`, `fault not-well-formed`. */
export class Transcript implements ReaderEvents {
  readonly lines: string[] = [];
  readonly fragments: Fragment[] = [];

  onOpen({ name }: { name: string }): void {
    this.lines.push(`open ${name}`);
  }

  onFragment(fragment: Fragment): void {
    this.fragments.push(fragment);
    this.lines.push(`${fragment.name}: ${fragment.content}`);
  }

  onClose(): void {
    this.lines.push("close");
  }

  onFault(fault: { condition: string }): void {
    this.lines.push(`fault ${fault.condition}`);
  }
}

/** The bytes in pieces of `size`, or cut after each of the given numbers of bytes. */
export function pieces(bytes: Buffer, size: number | readonly number[]): Buffer[] {
  const cut: Buffer[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const length = Math.max(1, (typeof size === "number" ? size : size[turn % size.length]) ?? 1);
    cut.push(Buffer.from(bytes.subarray(at, at + length)));
    at += length;
  }
  return cut;
}

/** Everything that a new reader tells of `input`, given in pieces of `size` bytes. */
export function read(
  input: string | Buffer,
  size: number | readonly number[] = Infinity,
  limits: ReaderLimits = LIMITS,
): Transcript {
  const transcript = new Transcript();
  const reader = new StreamReader(transcript, limits);
  const bytes = typeof input === "string" ? Buffer.from(input) : input;
  for (const piece of pieces(bytes, size)) reader.write(piece);
  return transcript;
}

/** The lines that follow a good stream header, whole and byte by byte: the test fails when they differ. */
export function linesAfterHeader(input: string | Buffer, limits: ReaderLimits = LIMITS): string[] {
  const bytes = Buffer.concat([Buffer.from(HEADER), Buffer.from(input as string)]);
  const whole = read(bytes, Infinity, limits).lines;
  const trickled = read(bytes, 1, limits).lines;
  if (whole.join("\n") !== trickled.join("\n")) throw new Error(`${whole.join("; ")} is not ${trickled.join("; ")}`);
  return whole.slice(1);
}
