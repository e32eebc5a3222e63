// What known servers are known not to do as a clause says.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { scenesFolder } from "../scene/load-scenes.js";

/** `expectations/NAME.json`: scene ids that this server fails, with the reason; none for an unknown server. */
export async function readExpectations(name: string): Promise<Record<string, string>> {
  const file = join(scenesFolder, "../expectations", `${name.replace(/[^\w-]/g, "")}.json`);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  const expectations: unknown = JSON.parse(text);
  if (!isTextMap(expectations)) throw new Error(`${file}: expected scene ids with reasons`);
  return expectations;
}

function isTextMap(value: unknown): value is Record<string, string> {
  return typeof value === "object" && value !== null && Object.values(value).every((each) => typeof each === "string");
}
