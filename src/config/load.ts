// Finds the configuration: the file that was named, rookery.toml, or else what is built in.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readConfig, type Config } from "./config.js";
import type { Declarations } from "./declarations.js";
import { ConfigError } from "./problem.js";

/** Looked for in the working directory when no file is named. */
export const USUAL_FILE = "rookery.toml";

/** Used when there is no file: `localhost`, reachable from this machine only. */
export const BUILT_IN = `addresses = ["127.0.0.1", "::1"]\n[hosts."localhost"]\n`;
export const BUILT_IN_NAME = "built-in configuration";

/** `file`: as the operator named it; undefined: the usual one in `directory`, or the built-in configuration. */
export async function loadConfig(file: string | undefined, directory: string, declared: Declarations): Promise<Config> {
  const path = file ?? join(directory, USUAL_FILE);
  const text = await readText(path, file === undefined);
  return text === undefined
    ? readConfig(BUILT_IN, BUILT_IN_NAME, declared, directory)
    : readConfig(text, path, declared);
}

async function readText(path: string, mayBeMissing: boolean): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? error.code : undefined;
    if (mayBeMissing && reason === "ENOENT") return undefined;
    const message = `can't be read (${String(reason)}); name an existing file with --config, or leave it out`;
    throw new ConfigError([{ file: path, line: 1, key: "", message }]);
  }
}
