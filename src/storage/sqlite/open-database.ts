// Opens the database file for this process alone, readable by its owner alone, durable at every commit.
import SqliteDatabase, { type Database } from "better-sqlite3";
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf, StorageError } from "../storage-error.js";
import { migrate } from "./migrate.js";
import { migrations } from "./migrations/index.js";

/** Bytes to which the write-ahead log is cut back after a burst. */
const longestIdleJournal = 64 * 1024 * 1024;

/**
 * Opens and migrates, creating what is missing; waits `lockPatience` milliseconds for another process to let go.
 * Throws a StorageError: "in-use", "too-new", "failed". SQLite's own exclusive lock keeps others out; the system drops
 * it when the process ends, however it ends. The file `….pid` only says whose it is.
 */
export function openDatabase(path: string, lockPatience: number): Database {
  try {
    createPrivately(path);
    return prepareDatabase(new SqliteDatabase(path, { timeout: lockPatience }));
  } catch (thrown) {
    throw asStorageError(thrown, path);
  }
}

function prepareDatabase(database: Database): Database {
  try {
    claim(database);
    database.pragma("synchronous = FULL");
    database.pragma("foreign_keys = ON");
    database.pragma(`journal_size_limit = ${longestIdleJournal}`);
    migrate(database, migrations);
    writeFileSync(pidFileOf(database.name), `${process.pid}\n`, { mode: 0o600 });
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** The lock is given up last. */
export function closeDatabase(database: Database): void {
  rmSync(pidFileOf(database.name), { force: true });
  database.close();
}

/** Exclusive before the first use, so that WAL needs no shared memory and the lock is kept until the end. */
function claim(database: Database): void {
  database.pragma("locking_mode = EXCLUSIVE");
  database.pragma("journal_mode = WAL");
  database.exec("BEGIN IMMEDIATE; COMMIT");
}

/** SQLite gives its other files the mode of the first. The file is never opened here: closing it would drop its locks. */
function createPrivately(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (thrown) {
    if (!isCoded(thrown) || thrown.code !== "EEXIST") throw thrown;
    chmodSync(path, 0o600);
  }
}

function asStorageError(thrown: unknown, path: string): StorageError {
  if (thrown instanceof StorageError) return thrown;
  if (isCoded(thrown) && thrown.code.startsWith("SQLITE_BUSY")) return inUse(path);
  return new StorageError("failed", `The database ${path} can't be opened: ${messageOf(thrown)}`, { cause: thrown });
}

function inUse(path: string): StorageError {
  const pid = holder(path);
  const who = pid === undefined ? "another process" : `process ${pid}`;
  return new StorageError("in-use", `The database ${path} is in use by ${who}. Stop that one first.`);
}

/** The process that last claimed the database, if it still runs: another may not have written its own number yet. */
function holder(path: string): number | undefined {
  if (!existsSync(pidFileOf(path))) return undefined;
  const pid = Number(readFileSync(pidFileOf(path), "utf8"));
  return pid > 0 && isRunning(pid) ? pid : undefined;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return isCoded(thrown) && thrown.code === "EPERM";
  }
}

function pidFileOf(path: string): string {
  return `${path}.pid`;
}

function isCoded(thrown: unknown): thrown is Error & { readonly code: string } {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string";
}
