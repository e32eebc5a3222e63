// Makes a checkout ready to run: installs the packages when they are missing or other than the lock file says, and
// compiles when a source is newer than the last build. Does nothing, in a few milliseconds, when all is current.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lock = join(root, "package-lock.json");
const installed = join(root, "node_modules/.rookery-lock.json");
const sources = ["src", "xeps", "test", "conformance", "bench"];

/** Installs what package-lock.json names, unless it is there already, then compiles whatever is stale. */
export function prepare() {
  // The lock file that was installed from is kept beside what it installed: times tell nothing in a fresh clone.
  if (content(installed) !== content(lock)) {
    say("Installing the packages that Rookery uses (once, a minute or two) …");
    run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    copyFileSync(lock, installed);
  }
  if (newest(sources) > modified(join(root, "dist/.built"))) {
    say("Compiling …");
    run(process.execPath, [join(root, "node_modules/typescript-native/bin/tsc"), "-p", root]);
    writeFileSync(join(root, "dist/.built"), "");
  }
}

function content(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
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
