// Starts this checkout's own server by its command line, as an operator would, with registration open.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { World } from "../peer/world.js";
import {
  freePorts,
  makeCertificate,
  makeFolder,
  ServerProcess,
  type CertificatePaths,
  type StartedServer,
} from "./process.js";
import {
  allDomains,
  componentDomains,
  componentSecret,
  domain,
  federationOf,
  secondDomain,
  startedServer,
} from "./started-server.js";

const program = join(import.meta.dirname, "../../../bin/rookery.js");

/** @throws Error with what the server said when it does not start */
export async function startRookery(): Promise<StartedServer> {
  const folder = await makeFolder("rookery");
  const [client = 0, clientTls = 0, web = 0, metrics = 0, server = 0, serverTls = 0, component = 0] =
    await freePorts(7);
  const world = await World.start();
  const paths = await makeCertificate(folder, world.authority, allDomains);
  const file = join(folder, "rookery.toml");
  const types = {
    c2s: client,
    "c2s-tls": clientTls,
    https: web,
    metrics,
    s2s: server,
    "s2s-tls": serverTls,
    component,
  };
  const registration = "[extensions.registration]\nnew_accounts = true\nrate = 100000\n";
  await writeFile(file, `data = "data"\n${rookeryConfiguration(types, paths, world)}${registration}`);
  const running = await ServerProcess.start(process.execPath, [program, "start", "--config", file], client);
  const facts = {
    name: "rookery",
    domain,
    port: client,
    tlsPort: clientTls,
    webSocketUrl: `wss://127.0.0.1:${web}/xmpp-websocket`,
    httpUrl: `https://127.0.0.1:${web}`,
    federation: federationOf(world, { server, serverTls, component }),
  };
  return startedServer(facts, running, folder);
}

/** What the scenes need of Rookery, as TOML; tables may follow. Listeners: port by type. */
export function rookeryConfiguration(
  listeners: Readonly<Record<string, number>>,
  paths: CertificatePaths,
  world: World,
): string {
  const host = (name: string) => `[hosts."${name}"]\ncertificate = "${paths.certificate}"\nkey = "${paths.key}"\n`;
  return `addresses = ["127.0.0.1"]
${Object.entries(listeners)
  .map(([type, port]) => `[[listeners]]\ntype = "${type}"\nport = ${port}\n`)
  .join("")}
${[domain, secondDomain].map(host).join("")}
[federation]
require_certificate = false
[servers]
authorities = "${paths.authority}"
queue_time = "3s"
[dns]
servers = ["127.0.0.1:${world.names.port}"]
${componentDomains.map((name) => `[components."${name}"]\nsecret = "${componentSecret}"\n`).join("")}
[extensions.contact-addresses]
abuse = ["mailto:abuse@localhost"]
`;
}
