// Brings a database to the version that this program knows. The version stands in the file itself (user_version).
import type { Database } from "better-sqlite3";
import { StorageError } from "../storage-error.js";

/** One step; `version` is the one that the database has after it, and they count 1, 2, 3, … */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** Takes the steps that are missing, each in its own transaction. Refuses a database that is newer than the program. */
export function migrate(database: Database, migrations: readonly Migration[]): void {
  const version = versionOf(database);
  const known = migrations.at(-1)?.version ?? 0;
  if (version > known) throw tooNew(database.name, version, known);
  for (const migration of migrations.slice(version)) takeStep(database, migration);
}

/** 0 for an empty database. */
export function versionOf(database: Database): number {
  return Number(database.pragma("user_version", { simple: true }));
}

function takeStep(database: Database, { version, sql }: Migration): void {
  database.transaction(() => {
    database.exec(sql);
    database.pragma(`user_version = ${version}`);
  })();
}

function tooNew(path: string, version: number, known: number): StorageError {
  return new StorageError(
    "too-new",
    `The database ${path} has version ${version}, and this program knows versions up to ${known}. ` +
      "A newer program has used it: start that one, or go back to a copy of the database made before.",
  );
}
