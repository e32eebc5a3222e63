// A folder for the database of one test.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface DataFolder {
  /** Where the database is, or will be. */
  readonly path: string;
  remove(): void;
}

export function dataFolder(): DataFolder {
  const folder = mkdtempSync(join(tmpdir(), "rookery-storage-"));
  return { path: join(folder, "data", "rookery.db"), remove: () => rmSync(folder, { recursive: true }) };
}
