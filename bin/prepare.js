// Makes a checkout ready to run: installs the packages when they are missing or older than the lock file, and
// compiles when a source is newer than the last build. Does nothing, in a few milliseconds, when all is current.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = ["src", "xeps", "test", "conformance", "bench"];

/** Installs what package-lock.json names, unless it is there already, then compiles whatever is stale. */
export function prepare() {
  if (isOlder(join(root, "node_modules/.package-lock.json"), join(root, "package-lock.json"))) {
    say("Installing the packages that Rookery uses (once, about a minute) …");
    run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  }
  if (newest(sources) > modified(join(root, "dist/.built"))) {
    say("Compiling …");
    run(process.execPath, [join(root, "node_modules/typescript-native/bin/tsc"), "-p", root]);
    run(process.execPath, ["-e", `require("fs").writeFileSync(${JSON.stringify(join(root, "dist/.built"))}, "")`]);
  }
}

function isOlder(product, origin) {
  return modified(product) < modified(origin);
}

function modified(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

function newest(folders) {
  const files = folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => join(root, folder, name)));
  return Math.max(modified(join(root, "tsconfig.json")), ...files.map(modified));
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (status === 0) return;
  say(error ? `${command} could not be run: ${error.message}` : `${command} failed; what it said stands above.`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) prepare();
