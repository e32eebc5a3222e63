// Looks at who can read what only the server should, and as whom it would run.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../config/config.js";
import { databaseName } from "../../server.js";
import { warning, type Finding } from "./findings.js";

export async function checkFiles({ data, hosts, listeners }: Config): Promise<readonly Finding[]> {
  const names = ["secrets.json", databaseName, "self-signed.pem"].map((name) => join(data, name));
  const keys = hosts.flatMap(({ key }) => key ?? []);
  const findings = await Promise.all([
    ...[...names, ...keys].map((path) => checkMode(path, 0o077, "600")),
    checkMode(data, 0o077, "700"),
  ]);
  return [...findings.flat(), ...checkUser(listeners)];
}

/** Nothing is said of a file that isn't there: it will be made as it should be, or is missed elsewhere. */
async function checkMode(path: string, forbidden: number, wanted: string): Promise<readonly Finding[]> {
  const mode = await stat(path).then(
    (facts) => facts.mode,
    () => 0,
  );
  if ((mode & forbidden) === 0) return [];
  return [warning(`${path} can be read by other users of this machine.`, `chmod ${wanted} ${path}`)];
}

function checkUser(listeners: Config["listeners"]): readonly Finding[] {
  const isRoot = process.getuid?.() === 0;
  const needsRoot = listeners.some(({ port }) => port > 0 && port < 1024);
  if (!isRoot || needsRoot) return [];
  return [warning("This runs as root, which the server does not need.", "Run it as a user of its own.")];
}
