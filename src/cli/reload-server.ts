// Reads the configuration again while the server runs, and says what of it counts only after a restart.
import { isDeepStrictEqual } from "node:util";
import { componentOptions } from "../component/options.js";
import type { Config } from "../config/config.js";
import { type Log, type LevelSwitch } from "../observability/log.js";
import { logSection } from "../observability/log-output.js";
import type { Server } from "../server.js";
import type { ReloadReport } from "./context.js";

/** Nothing changes when the new configuration or a certificate is bad: throws ConfigError, CertificateError. */
export async function reloadServer(
  server: Server,
  load: () => Promise<Config>,
  levelSwitch: LevelSwitch,
  log: Log,
): Promise<ReloadReport> {
  const before = server.config;
  const config = await load();
  await server.reload(config);
  levelSwitch.level = config.values(logSection).level;
  const needsRestart = changes(before, config);
  log.info("reloaded", { file: config.fileName, needs_restart: needsRestart });
  return { file: config.fileName, needsRestart };
}

function changes(before: Config, after: Config): readonly string[] {
  const facts: readonly (readonly [string, (config: Config) => unknown])[] = [
    ["data", ({ data }) => data],
    ["listeners", ({ listeners }) => listeners],
    ["components", ({ tables }) => tables(componentOptions)],
    ["hosts", ({ hosts }) => hosts.map(({ domain }) => domain)],
  ];
  return facts.filter(([, of]) => !isDeepStrictEqual(of(before), of(after))).map(([name]) => name);
}
