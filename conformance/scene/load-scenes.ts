// Finds the scene files and reads them.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseScene } from "./parse-scene.js";
import type { Scene } from "./scene.js";

/** The folder of scenes in this checkout: the build lies in `dist/conformance/scene/`. */
export const scenesFolder = join(import.meta.dirname, "../../../conformance/scenes");

/**
 * Reads all scenes whose id matches one of the patterns (`*` stands for anything), in the order of their ids.
 * @throws Error when a scene cannot be understood
 */
export async function loadScenes(patterns: readonly string[] = ["*"], folder = scenesFolder): Promise<Scene[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".scs"));
  const ids = names.map((name) => name.slice(0, -".scs".length).replaceAll("\\", "/")).sort();
  const wanted = ids.filter((id) => patterns.some((pattern) => isMatch(id, pattern)));
  return Promise.all(wanted.map(async (id) => parseScene(id, await readFile(join(folder, `${id}.scs`), "utf8"))));
}

function isMatch(id: string, pattern: string): boolean {
  const expression = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`(^|/)${expression}($|/)`).test(id);
}
