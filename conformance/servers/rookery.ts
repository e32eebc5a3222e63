// Starts this checkout's own server by its command line, as an operator would, with registration open.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePorts, makeFolder, ServerProcess, type StartedServer } from "./process.js";
import { domain, startedServer } from "./started-server.js";

const program = join(import.meta.dirname, "../../../bin/rookery.js");

/** @throws Error with what the server said when it does not start */
export async function startRookery(): Promise<StartedServer> {
  const folder = await makeFolder("rookery");
  const [port = 0, tlsPort = 0, webPort = 0, metricsPort = 0] = await freePorts(4);
  const file = join(folder, "rookery.toml");
  await writeFile(file, configuration({ c2s: port, "c2s-tls": tlsPort, https: webPort, metrics: metricsPort }));
  const running = await ServerProcess.start(process.execPath, [program, "start", "--config", file], port);
  const facts = {
    name: "rookery",
    domain,
    port,
    tlsPort,
    webSocketUrl: `wss://127.0.0.1:${webPort}/xmpp-websocket`,
    httpUrl: `https://127.0.0.1:${webPort}`,
  };
  return startedServer(facts, running, folder);
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
