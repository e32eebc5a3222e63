// Opens the database file for this process alone, readable by its owner alone, durable at every commit.
import SqliteDatabase, { type Database } from "better-sqlite3";
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf, StorageError } from "../storage-error.js";
import { migrate } from "./migrate.js";
import { migrations } from "./migrations/index.js";

/** Milliseconds to wait for another process to let go: a command that is just done, a server that is stopping. */
const lockPatience = 2000;

/**
 * Opens and migrates, creating what is missing. Throws a StorageError: "in-use", "too-new", "failed".
 * SQLite's own exclusive lock keeps others out; the system drops it when the process ends, however it ends. The file
 * `….pid` only says whose it is.
 */
export function openDatabase(path: string): Database {
  createPrivately(path);
  const database = new SqliteDatabase(path, { timeout: lockPatience });
  try {
    claim(database);
    database.pragma("synchronous = FULL");
    database.pragma("foreign_keys = ON");
    migrate(database, migrations);
    writeFileSync(pidFileOf(path), `${process.pid}\n`, { mode: 0o600 });
    return database;
  } catch (thrown) {
    database.close();
    throw asStorageError(thrown, path);
  }
}

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
    if (!isCoded(thrown) || thrown.code !== "EEXIST") throw asStorageError(thrown, path);
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

/** The process that last claimed the database, if it still runs. */
function holder(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFileOf(path), "utf8"));
    process.kill(pid, 0);
    return pid;
  } catch {
    // No file yet, or its process is gone: the one that holds the lock has not written its own.
    return undefined;
  }
}

function pidFileOf(path: string): string {
  return `${path}.pid`;
}

function isCoded(thrown: unknown): thrown is Error & { readonly code: string } {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string";
}
