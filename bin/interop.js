// Runs the tests with real clients and real peers: all of them, or the files whose path contains one of the words given.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepare } from "./prepare.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const words = process.argv.slice(2);

prepare();
const files = readdirSync(join(root, "test/interop"), { recursive: true })
  .filter((name) => name.endsWith(".test.ts"))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .sort()
  .map((name) => join(root, "dist/test/interop", name.replace(/\.ts$/, ".js")));
const options = ["--enable-source-maps", "--test", "--test-timeout=300000"];
const { status } = spawnSync(process.execPath, [...options, ...files], { stdio: "inherit" });
process.exitCode = status ?? 1;
