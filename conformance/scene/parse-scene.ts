// Reads a Scansion scenario (.scs): header comments, characters, a line, the action.
import { characterKinds, type Character, type Scene, type Step } from "./scene.js";

/** @throws Error with the scene's id and the line that cannot be understood */
export function parseScene(id: string, text: string): Scene {
  const lines = text.split(/\r?\n/);
  const border = lines.findIndex((line) => /^-{3,}\s*$/.test(line));
  if (border < 0) throw new Error(`${id}: no line of dashes between the characters and the action`);
  const header = readHeader(lines.slice(0, border));
  const characters = readCharacters(id, lines.slice(0, border));
  return {
    id,
    title: header.get("title") ?? header.get("") ?? id,
    spec: header.get("spec") ?? "",
    section: header.get("section") ?? "",
    level: header.get("level") ?? "",
    quote: header.get("quote") ?? "",
    needs: (header.get("needs") ?? "").split(",").flatMap((need) => need.trim() || []),
    characters,
    steps: readSteps(id, lines, border + 1, characters),
  };
}

/** `# key: value` lines; the first line without a key is the title (Scansion's own custom). */
function readHeader(lines: readonly string[]): Map<string, string> {
  const header = new Map<string, string>();
  for (const line of lines) {
    const pair = /^#\s*(title|spec|section|level|quote|needs):\s*(.*)$/.exec(line);
    if (pair?.[1] !== undefined) header.set(pair[1], (pair[2] ?? "").trim());
    else if (/^#\s*\S/.test(line) && !header.has("")) header.set("", line.replace(/^#\s*/, "").trim());
  }
  return header;
}

function readCharacters(id: string, lines: readonly string[]): Character[] {
  const characters: (Character & { properties: Map<string, string> })[] = [];
  for (const [index, line] of lines.entries()) {
    const opening = /^\[(\w+)\]\s*(.+?)\s*$/.exec(line);
    const property = /^\s+(\w+):\s*(.*?)\s*$/.exec(line);
    if (opening) characters.push(characterOf(id, index + 1, opening[1], opening[2]));
    else if (property?.[1] !== undefined) characters.at(-1)?.properties.set(property[1], property[2] ?? "");
    else if (line.trim() !== "" && !isComment(line))
      throw new Error(`${id}:${index + 1}: neither character nor property`);
  }
  return characters;
}

function characterOf(id: string, line: number, written = "", name = "") {
  const kind = characterKinds.find((known) => known === written);
  if (kind === undefined) throw new Error(`${id}:${line}: no such kind: [${written}]`);
  return { name, kind, line, properties: new Map<string, string>() } as const;
}

function readSteps(id: string, lines: readonly string[], start: number, characters: readonly Character[]): Step[] {
  const names = characters.map(({ name }) => name).sort((one, other) => other.length - one.length);
  const steps: Step[] = [];
  for (let index = start; index < lines.length;) {
    const line = lines[index] ?? "";
    const block = /^\s/.test(line) || line === "" || isComment(line) ? [] : readBlock(lines, index + 1);
    if (line.trim() !== "" && !isComment(line)) steps.push(stepOf(id, index + 1, line, block, names));
    index += 1 + block.length;
  }
  return steps;
}

function readBlock(lines: readonly string[], start: number): string[] {
  let end = start;
  while (end < lines.length && /^(\s|$)/.test(lines[end] ?? "")) end++;
  return lines.slice(start, end);
}

function stepOf(id: string, line: number, text: string, block: readonly string[], names: readonly string[]): Step {
  const actor = names.find((name) => text.startsWith(`${name} `));
  if (actor === undefined) throw new Error(`${id}:${line}: no character of this scene begins the line: ${text.trim()}`);
  const [, action = "", argument = ""] = /^(.*?)\s*(?::\s*(.*?)\s*)?$/.exec(text.slice(actor.length + 1)) ?? [];
  return { line, actor, action, argument, block: dedent(block) };
}

function dedent(block: readonly string[]): string {
  const indents = block.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents, Infinity);
  return block
    .map((line) => line.slice(indent))
    .join("\n")
    .replace(/^\n+|\s+$/g, "");
}

function isComment(line: string): boolean {
  return /^(#|\/\/|--)/.test(line);
}
