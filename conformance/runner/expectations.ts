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
  return JSON.parse(text) as Record<string, string>;
}
