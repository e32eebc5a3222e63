// Rows of an import on their way to where accounts are made, and what became of them.
import type { ImportedSecret } from "../../auth/accounts.js";
import { misused } from "../failure.js";

export interface ImportRow {
  /** Of the file, from 1. */
  readonly line: number;
  readonly address: string;
  readonly secret: ImportedSecret;
}

export interface RowOutcome {
  readonly line: number;
  readonly address: string;
  readonly state: "created" | "exists" | "failed";
  readonly message?: string;
}

/** Rows in one request: they are committed together. */
export const BATCH = 200;
/** Longest row, and longest batch but for its last row, in characters of JSON: both fit into a request. */
export const LONGEST_ROW = 16_384;
export const LONGEST_BATCH = 131_072;

/** Checks what came over the socket. */
export function readRows(value: unknown): readonly ImportRow[] {
  if (!Array.isArray(value) || value.length > BATCH || !value.every(isRow)) {
    return misused(`At most ${BATCH} rows are wanted, each with line, address and secret.`);
  }
  return value;
}

function isRow(value: unknown): value is ImportRow {
  if (typeof value !== "object" || value === null) return false;
  if (!("line" in value && "address" in value && "secret" in value)) return false;
  return typeof value.line === "number" && typeof value.address === "string" && isSecret(value.secret);
}

function isSecret(value: unknown): value is ImportedSecret {
  if (typeof value !== "object" || value === null) return false;
  if ("password" in value) return typeof value.password === "string";
  return "bcrypt" in value && typeof value.bcrypt === "string";
}
