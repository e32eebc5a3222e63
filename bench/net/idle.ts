// Memory of idle connections: node dist/bench/net/idle.js [count] [kind …]
import { setTimeout as wait } from "node:timers/promises";
import { ask, heard, type Kind, kinds, memoryOf, start } from "./child.js";

const [count = "10000", ...chosen] = process.argv.slice(2);

async function measure(kind: Kind): Promise<void> {
  const server = start("server", 0);
  const { ports } = await heard<{ ports: Record<Kind, number> }>(server);
  const before = await memoryOf(server);
  await ask(server, "cpu");
  const clients = start("idle-clients", 1, kind, String(ports[kind]), count);
  await heard(clients);
  const { user, system } = await ask<{ user: number; system: number }>(server, "cpu");
  await wait(2_000); // what is freed by the event loop is freed
  const after = await memoryOf(server);
  const each = ((after - before) / Number(count)).toFixed(1);
  const opening = ((user + system) / Number(count)).toFixed(0);
  console.log(`${kind.padEnd(10)} ${each} KiB (Pss) a connection, ${opening} µs CPU to open one`);
  clients.kill();
  server.kill();
}

for (const kind of kinds.filter((kind) => chosen.length === 0 || chosen.includes(kind))) await measure(kind);
process.exit();
