// Reads a file of accounts, CSV or JSON lines, piece by piece, whatever its size.
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { misused } from "../failure.js";
import { readCsv, type CsvRecord } from "./csv.js";

/** A line of the file: named values, or why it has none. */
export type AccountRecord =
  | { readonly line: number; readonly values: Readonly<Record<string, unknown>> }
  | { readonly line: number; readonly problem: string };

const NAMES = ["address", "password", "bcrypt"];

/** Recognises JSON lines by their first character. Throws CommandError when it is neither. */
export async function* readRecords(input: Readable): AsyncGenerator<AccountRecord> {
  input.setEncoding("utf8");
  const pieces = (input as AsyncIterable<string, undefined>)[Symbol.asyncIterator]();
  let start = "";
  while (start.trim() === "") {
    const { done, value } = await pieces.next();
    if (done === true) return;
    start += value;
  }
  const whole = rejoin(start.replace(/^\uFEFF/, ""), pieces);
  yield* start.trimStart().startsWith("{") ? readJsonLines(whole) : readNamedCsv(whole);
}

async function* rejoin(start: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield start;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* readJsonLines(text: AsyncIterable<string>): AsyncGenerator<AccountRecord> {
  let line = 0;
  for await (const each of createInterface({ input: Readable.from(text), crlfDelay: Infinity })) {
    line += 1;
    if (each.trim() !== "") yield { line, ...parseObject(each) };
  }
}

function parseObject(text: string): { values: Readonly<Record<string, unknown>> } | { problem: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { values: { ...value } };
  } catch {
    // said below
  }
  return { problem: "no JSON object" };
}

async function* readNamedCsv(text: AsyncIterable<string>): AsyncGenerator<AccountRecord> {
  let names: readonly string[] | undefined;
  for await (const record of readCsv(text)) {
    if (names === undefined) names = readNames(record);
    else yield nameCells(record, names);
  }
}

function readNames({ cells }: CsvRecord): readonly string[] {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const isKnown = names.includes("address") && (names.includes("password") || names.includes("bcrypt"));
  if (!isKnown) misused(`The first line must name the columns: address, and password or bcrypt (${NAMES.join(",")}).`);
  return names;
}

function nameCells({ line, cells }: CsvRecord, names: readonly string[]): AccountRecord {
  if (cells.length !== names.length) return { line, problem: `${cells.length} columns instead of ${names.length}` };
  const filled = names.map((name, column) => [name, cells[column] ?? ""] as const).filter(([, cell]) => cell !== "");
  return { line, values: Object.fromEntries(filled) };
}
