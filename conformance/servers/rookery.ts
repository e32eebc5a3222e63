// Starts this checkout's own server by its command line, as an operator would, with registration open.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ServerUnderTest } from "../server-under-test.js";
import { freePorts, makeFolder, ServerProcess, type StartedServer } from "./process.js";
import { Registrar } from "./registration.js";

const domain = "localhost";
const program = join(import.meta.dirname, "../../../bin/rookery.js");

/** @throws Error with what the server said when it does not start */
export async function startRookery(): Promise<StartedServer> {
  const folder = await makeFolder("rookery");
  const [port = 0, tlsPort = 0, webPort = 0, metricsPort = 0] = await freePorts(4);
  const file = join(folder, "rookery.toml");
  await writeFile(file, configuration({ c2s: port, "c2s-tls": tlsPort, https: webPort, metrics: metricsPort }));
  const running = await ServerProcess.start(process.execPath, [program, "start", "--config", file], port);
  const registrar = new Registrar(() => server);
  const server: ServerUnderTest = {
    name: "rookery",
    domain,
    address: "127.0.0.1",
    port,
    tlsPort,
    webSocketUrl: `wss://127.0.0.1:${webPort}/xmpp-websocket`,
    httpUrl: `https://127.0.0.1:${webPort}`,
    isCertificateTrusted: false,
    createAccount: (account) => registrar.createAccount(account),
    // The folder goes away with the server.
    removeAccount: async () => undefined,
  };
  const stop = async () => {
    registrar.stop();
    await running.stop(folder);
  };
  return { server, stop };
}

function configuration(ports: Readonly<Record<string, number>>): string {
  const listeners = Object.entries(ports).map(([type, port]) => `[[listeners]]\ntype = "${type}"\nport = ${port}\n`);
  return `
data = "data"
addresses = ["127.0.0.1"]
${listeners.join("")}
[hosts."${domain}"]
[extensions.registration]
new_accounts = true
rate = 100000
[extensions.contact-addresses]
abuse = ["mailto:abuse@localhost"]
`;
}
