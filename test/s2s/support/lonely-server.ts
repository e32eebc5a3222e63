// The program of server-process.ts: a configuration file and users as arguments; tells its port, and figures when asked.
import { readFile } from "node:fs/promises";
import { readConfig } from "../../../src/config/config.js";
import { systemClock } from "../../../src/extension/clock.js";
import { createLog } from "../../../src/observability/log.js";
import { Server } from "../../../src/server.js";
import { keyed, sections } from "../../../src/server/options.js";
import { memoryStorage } from "../../../src/storage/memory/memory-storage.js";
import { extensions } from "../../../xeps/index.js";
import { domain, type Figures } from "./server-process.js";

const [file = "", ...users] = process.argv.slice(2);
const server = await Server.start({
  config: readConfig(await readFile(file, "utf8"), file, { sections, keyed, extensions }),
  extensions,
  log: createLog({ write: () => undefined }, { level: "info" }),
  clock: systemClock,
  storage: memoryStorage(),
  loginClock: { now: () => performance.now(), sleep: () => Promise.resolve() },
  onFailure: (error) => {
    throw error;
  },
});
for (const user of users) await server.authentication.accounts.create({ host: domain, user }, user);

let mostWaiting = 0;
let longestWork = 0;
let worked = process.cpuUsage();
systemClock.every(10, () => {
  mostWaiting = Math.max(mostWaiting, server.federation.pool.bytes);
  const { user, system } = process.cpuUsage(worked);
  longestWork = Math.max(longestWork, (user + system) / 1000);
  worked = process.cpuUsage();
});

process.on("message", () => {
  (globalThis as { readonly gc?: () => void }).gc?.();
  const { heapUsed, external } = process.memoryUsage();
  const { pool, domains } = server.federation;
  const figures: Figures = {
    heap: heapUsed + external,
    waiting: pool.bytes,
    mostWaiting,
    domains: domains.size,
    longestWork,
  };
  process.send?.(figures);
  longestWork = 0;
  worked = process.cpuUsage();
});
process.on("disconnect", () => process.exit());
process.send?.(server.listening[0]?.port);
