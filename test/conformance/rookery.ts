// A whole server in this process, on ports of the loopback, with storage in memory: the one that scenes are played against.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { World } from "../../conformance/peer/world.js";
import { makeCertificate } from "../../conformance/servers/process.js";
import { rookeryConfiguration } from "../../conformance/servers/rookery.js";
import { allDomains, federationOf, roomsDomain } from "../../conformance/servers/started-server.js";
import type { ServerUnderTest } from "../../conformance/server-under-test.js";
import { readConfig } from "../../src/config/config.js";
import { systemClock } from "../../src/extension/clock.js";
import { createLog } from "../../src/observability/log.js";
import { Server } from "../../src/server.js";
import { keyed, sections } from "../../src/server/options.js";
import { memoryStorage } from "../../src/storage/memory/memory-storage.js";
import { extensions } from "../../xeps/index.js";

/** Whatever port is free. */
const listeners = { c2s: 0, "c2s-tls": 0, https: 0, s2s: 0, "s2s-tls": 0, component: 0 };

/** Its errors are those of the log, newest last. */
export interface PlayedServer {
  readonly server: ServerUnderTest;
  readonly errors: readonly string[];
  readonly stop: () => Promise<void>;
}

/** Starts it; whoever does so stops it. */
export async function startRookery(): Promise<PlayedServer> {
  const folder = await mkdtemp(join(tmpdir(), "rookery-scenes-"));
  const errors: string[] = [];
  const log = createLog({ write: (line) => void errors.push(line) }, { level: "error" });
  const world = await World.start();
  const paths = await makeCertificate(folder, world.authority, allDomains);
  const toml = rookeryConfiguration(listeners, paths, world);
  const config = readConfig(toml, "scenes.toml", { sections, keyed, extensions }, folder);
  const onFailure = (error: unknown) => log.error("storage-failed", { error });
  const running = await Server.start({
    config,
    extensions,
    log,
    clock: systemClock,
    storage: memoryStorage(),
    onFailure,
  });
  const stop = async () => {
    await running.stop();
    await world.stop();
    await rm(folder, { recursive: true });
  };
  return { server: underTest(running, world), errors, stop };
}

function underTest(running: Server, world: World): ServerUnderTest {
  const portOf = (type: string) => running.listening.find((listener) => listener.type === type)?.port ?? 0;
  const { accounts } = running.authentication;
  return {
    name: "rookery",
    domain: "localhost",
    rooms: roomsDomain,
    address: "127.0.0.1",
    port: portOf("c2s"),
    tlsPort: portOf("c2s-tls"),
    webSocketUrl: `wss://127.0.0.1:${portOf("https")}/xmpp-websocket`,
    federation: federationOf(world, {
      server: portOf("s2s"),
      serverTls: portOf("s2s-tls"),
      component: portOf("component"),
    }),
    httpUrl: `https://127.0.0.1:${portOf("https")}`,
    isCertificateTrusted: false,
    createAccount: ({ localpart, domain, password }) => accounts.create({ host: domain, user: localpart }, password),
    // They are in memory, and go away with the server.
    removeAccount: async () => undefined,
  };
}
