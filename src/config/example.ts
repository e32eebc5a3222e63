// Writes config.example.toml from the declarations: every option with its sentence, its range and its default.
import type { Declarations, ExtensionDeclaration } from "./declarations.js";
import { topOptions } from "./config.js";
import { hostOptions } from "./host.js";
import { formatKey } from "./key-lines.js";
import { listenerOptions } from "./listener.js";
import { option, type KeyedSection, type Option, type Options, type Section } from "./option.js";

const WIDTH = 100;
const HOST = '[hosts."example.org"]';

/** The whole file. It is valid as it stands, and stays so whichever lines are uncommented. */
export function writeExample({ sections, keyed, extensions }: Declarations): string {
  const parts = [
    comment("Rookery's configuration. Copy this file to rookery.toml and change what you need to."),
    comment("Lines behind # are optional: they show the default, or an example where there is none."),
    comment("Durations are written as 500ms, 30s, 5m, 12h, 7d; sizes as 512 B, 64 KiB, 10 MiB."),
    "",
    ...describe(topOptions),
    ...hostLines(),
    ...listenerLines(),
    ...sections.flatMap(sectionLines),
    ...keyed.flatMap(keyedLines),
    ...extensions.flatMap(extensionLines),
  ];
  return `${parts.join("\n").trimEnd()}\n`;
}

function hostLines(): readonly string[] {
  const text = `A virtual host: one table for each domain that is served. Tables marked "per host" may stand inside it too, as ${HOST.slice(0, -1)}.c2s], and then count for this host only.`; // prettier-ignore
  return [comment(text), '[hosts."localhost"]', "", ...describe(hostOptions)];
}

function listenerLines(): readonly string[] {
  const text =
    "What is listened on. Without any such table: c2s on 5222, c2s-tls on 5223, s2s on 5269, s2s-tls on 5270 and https on 5443, at `addresses`, and metrics on 9090, loopback only."; // prettier-ignore
  return [comment(text), "# [[listeners]]", "", ...describe(listenerOptions)];
}

function sectionLines({ name, options, ...facts }: Section<Options>): readonly string[] {
  return [comment(title(facts)), `[${formatKey(name)}]`, "", ...describe(options)];
}

/** As a comment: an uncommented table would be one more peer or component. */
function keyedLines({ name, exampleKey, options, ...facts }: KeyedSection<Options>): readonly string[] {
  return [comment(title(facts)), `# [${formatKey(name)}.${JSON.stringify(exampleKey)}]`, "", ...describe(options)];
}

function title({ sentence, scope }: Pick<Section<Options>, "sentence" | "scope">): string {
  return scope === "host" ? `${sentence} (per host)` : sentence;
}

function extensionLines({ name, options, sentence, xep, isOffByDefault }: ExtensionDeclaration): readonly string[] {
  const enabled = option.boolean(isOffByDefault !== true, "Whether it runs.");
  const facts = xep === undefined ? "(per host)" : `(XEP-${xep}, per host)`;
  const title = sentence === undefined ? facts : `${sentence} ${facts}`;
  return [comment(title), `[extensions.${formatKey(name)}]`, "", ...describe({ enabled, ...options })];
}

function describe(options: Options): readonly string[] {
  return Object.entries(options).flatMap(([key, each]) => [comment(explain(each)), `# ${formatKey(key)} = ${each.written}`, ""]); // prettier-ignore
}

function explain({ sentence, limits }: Option<unknown>): string {
  return limits === "" ? sentence : `${sentence} (${limits})`;
}

/** Breaks a text into comment lines. */
function comment(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trimStart();
    if (longer.length <= WIDTH) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => `# ${line}`).join("\n");
}
