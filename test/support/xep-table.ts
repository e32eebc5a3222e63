// The table of XEPs in xeps/README.md, made of the files themselves. Run this file to write it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { extensions } from "../../xeps/index.js";

const folder = fileURLToPath(new URL("../../../xeps/", import.meta.url));
const readme = `${folder}README.md`;
const begin =
  "<!-- The table is generated: node dist/test/support/xep-table.js -->\n\n<!-- prettier-ignore-start -->\n";
const end = "<!-- prettier-ignore-end -->";

/** First line of a file: `// XEP-0199: XMPP Ping <…>`, and for payloads the version before the address. */
const heading = /^\/\/ XEP-(\d{4}): (.+?)(?:, version (\S+))? <https:\/\/xmpp\.org\/extensions\/xep-\1\.html>$/;

/** The README as it is, and as it would be with a current table. */
export function readReadme(): { readonly actual: string; readonly current: string } {
  const actual = readFileSync(readme, "utf8");
  const [before = "", rest = ""] = actual.split(begin);
  const after = rest.slice(rest.indexOf(end));
  return { actual, current: `${before}${begin}${table()}${after}` };
}

function table(): string {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\d{4}-[^/]+(?:\.ts|\/index\.ts)$/.test(name),
  );
  const numbered = files.map(rowOf).sort((one, other) => one.number.localeCompare(other.number));
  const lines = numbered.map(({ number, title, version, file, note }) => {
    return `| [${number}](https://xmpp.org/extensions/xep-${number}.html) | ${title} | ${version} | [\`${file}\`](${file}) | ${note} |`;
  });
  lines.push(...linesWithoutNumber());
  return ["| XEP | name | version | file | |", "|---|---|---|---|---|", ...lines, ""].join("\n");
}

/** Extensions that no XEP describes: their files have their names, and begin with a title. */
function linesWithoutNumber(): string[] {
  return extensions.flatMap(({ xep, name, isOffByDefault }) => {
    if (xep !== undefined) return [];
    const file = [`${name}.ts`, `${name}/index.ts`].find((each) => existsSync(`${folder}${each}`));
    const title = file === undefined ? undefined : /^\/\/ ([^:]+)/.exec(readFileSync(`${folder}${file}`, "utf8"))?.[1];
    if (title === undefined) throw new Error(`The file of the extension ${name} is not where its name says.`);
    return [`| – | ${title} | | [\`${file}\`](${file}) | ${isOffByDefault === true ? "off by default" : ""} |`];
  });
}

interface Row {
  readonly number: string;
  readonly title: string;
  readonly version: string;
  readonly file: string;
  readonly note: string;
}

function rowOf(file: string): Row {
  const [first = ""] = readFileSync(`${folder}${file}`, "utf8").split("\n");
  const [, number = "", title = "", ownVersion] = heading.exec(first) ?? [];
  if (number === "" || !file.includes(`${number}-`)) throw new Error(`${file} does not begin with its XEP: ${first}`);
  const isPayload = file.startsWith("payloads/");
  const extension = extensions.find(({ xep }) => xep === number);
  const version = isPayload ? ownVersion : extension?.version;
  if (version === undefined) throw new Error(`${file} does not say which version it follows, or is not listed.`);
  const note = isPayload ? "payload" : extension?.isOffByDefault === true ? "off by default" : "";
  return { number, title, version, file, note };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(readme, readReadme().current);
