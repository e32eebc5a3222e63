// The server's own secrets: made once, kept in one file that only its user can read.
import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { isTable, type Table } from "./table.js";

const BYTES = 32;
const FILE = "secrets.json";

/** Each use has its own secret, so that one tells nothing of another. Names added later are made at the next start. */
const NAMES = ["fake_salt", "dialback"] as const;

/**
 * `fake_salt`: keys the salts that unknown users are shown (RFC 5802 §9), so that they stay the same. `dialback`: what the
 * keys are made of by which other servers ask whether a stream is ours (XEP-0185).
 */
export type Secrets = Readonly<Record<(typeof NAMES)[number], Buffer>>;

/**
 * Reads the secrets (32 bytes each) of a data directory; makes them, mode 0600 and 0700, when they aren't there.
 * Throws when the file is damaged: made anew, the secrets would silently invalidate what the old ones stood for.
 */
export async function readOrCreateSecrets(dataDirectory: string): Promise<Secrets> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const path = join(dataDirectory, FILE);
  const kept = await readTable(path);
  const missing = NAMES.filter((name) => !Object.hasOwn(kept, name));
  const all: Table = { ...kept, ...Object.fromEntries(missing.map((name) => [name, makeSecret()])) };
  const secrets = { fake_salt: decode(all["fake_salt"], path), dialback: decode(all["dialback"], path) };
  if (missing.length > 0) await replace(path, `${JSON.stringify(all, undefined, 2)}\n`);
  else await chmod(path, 0o600);
  return secrets;
}

function makeSecret(): string {
  return randomBytes(BYTES).toString("base64");
}

async function readTable(path: string): Promise<Table> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "{}";
    throw error;
  });
  const value: unknown = parse(text);
  return isTable(value) ? value : damaged(path);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller says which file is damaged
  }
}

function decode(secret: unknown, path: string): Buffer {
  const bytes = Buffer.from(typeof secret === "string" ? secret : "", "base64");
  return bytes.length === BYTES ? bytes : damaged(path);
}

function damaged(path: string): never {
  throw new Error(`${path} is damaged; restore it from a backup, or remove it to have new secrets made.`);
}

/** Whole or not at all, also when the machine stops in between. */
async function replace(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, "w", 0o600);
  await file.writeFile(text);
  await file.sync();
  await file.close();
  await rename(`${path}.new`, path);
}
