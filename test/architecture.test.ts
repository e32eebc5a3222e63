// The import rules of the architecture, checked on the sources.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Each tier may import itself and those before it. */
const tiers: readonly (readonly string[])[] = [
  ["xml", "jid"],
  ["stanza", "config", "storage", "observability"],
  ["net", "stream", "auth", "extension"],
  ["routing", "im"],
  ["c2s", "s2s", "component"],
  ["server", "server.ts", "cli", "main.ts"],
];

interface Import {
  readonly from: string;
  readonly to: string;
}

function sourcesIn(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));
}

/** The imports of files of this project, as paths from the root. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import) "(\.[^"]+)"/g)].map(([, path = ""]) => {
    const to = relative(root, resolve(dirname(join(root, file)), path)).replace(/\.js$/, ".ts");
    return { from: file, to };
  });
}

function tierOf(path: string): number {
  const part = path.split("/")[1] ?? "";
  const tier = tiers.findIndex((names) => names.includes(part));
  assert.notEqual(tier, -1, `${path} belongs to no tier`);
  return tier;
}

test("src/ imports only its own tier and those before it", () => {
  const imports = sourcesIn("src").flatMap(importsOf);
  const wrong = imports.filter(
    ({ from, to }) => to.startsWith("src/") && from !== "src/main.ts" && tierOf(to) > tierOf(from),
  );
  assert.deepEqual(wrong, []);
});

test("src/ knows the extensions only where the server is started", () => {
  const imports = sourcesIn("src").flatMap(importsOf);
  const wrong = imports.filter(({ from, to }) => to.startsWith("xeps/") && !/^src\/(cli|main)/.test(from));
  assert.deepEqual(wrong, []);
});

test("extensions import only the extension interface, payloads and one another", () => {
  const imports = sourcesIn("xeps").flatMap(importsOf);
  const isAllowed = ({ to }: Import): boolean => to === "src/extension/index.ts" || to.startsWith("xeps/");
  const wrong = imports.filter((each) => each.from !== "xeps/index.ts" && !isAllowed(each));
  assert.deepEqual(wrong, []);
});

test("the conformance suite imports nothing of the server", () => {
  const isServer = ({ to }: Import): boolean => to.startsWith("src/") || to.startsWith("xeps/");
  assert.deepEqual(existing("conformance").flatMap(importsOf).filter(isServer), []);
});

test("every source file says in its first line what it is", () => {
  const files = ["src", "xeps", "test", "conformance", "bench"].flatMap(existing);
  const silent = files.filter((file) => !/^(?:\/\/|\/\*\*|#!) ?\S/.test(readFileSync(join(root, file), "utf8")));
  assert.deepEqual(silent, []);
});

function existing(folder: string): string[] {
  return readdirSync(root).includes(folder) ? sourcesIn(folder) : [];
}
