// Starts Prosody (Debian packages `prosody` and `lua-unbound`) with a configuration of its own, on the loopback.
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
  roomsDomain,
  secondDomain,
  startedServer,
} from "./started-server.js";

interface Ports {
  readonly client: number;
  readonly clientTls: number;
  readonly web: number;
  readonly server: number;
  readonly serverTls: number;
  readonly component: number;
}

/** @throws Error when Prosody is not installed or does not start */
export async function startProsody(): Promise<StartedServer> {
  const folder = await makeFolder("prosody");
  const [client = 0, clientTls = 0, web = 0, server = 0, serverTls = 0, component = 0] = await freePorts(6);
  const ports = { client, clientTls, web, server, serverTls, component };
  const world = await World.start();
  const paths = await makeCertificate(folder, world.authority, allDomains);
  const file = join(folder, "prosody.cfg.lua");
  await writeFile(file, configuration(folder, paths, ports, world.names.port));
  const running = await ServerProcess.start("prosody", ["-F", "--config", file], client);
  const facts = {
    name: "prosody",
    domain,
    port: client,
    tlsPort: clientTls,
    webSocketUrl: `ws://127.0.0.1:${web}/xmpp-websocket`,
    federation: federationOf(world, ports),
  };
  return startedServer(facts, running, folder);
}

function configuration(folder: string, paths: CertificatePaths, ports: Ports, namesPort: number): string {
  return `
run_as_root = true
pidfile = "${folder}/prosody.pid"
data_path = "${folder}/data"
certificates = "${folder}"
log = { warn = "${folder}/prosody.log" }
interfaces = { "127.0.0.1" }
use_ipv6 = false
c2s_ports = { ${ports.client} }
c2s_direct_tls_ports = { ${ports.clientTls} }
http_ports = { ${ports.web} }
https_ports = { }
s2s_ports = { ${ports.server} }
s2s_direct_tls_ports = { ${ports.serverTls} }
component_ports = { ${ports.component} }
modules_enabled = {
  "roster", "saslauth", "tls", "disco", "private", "version", "uptime", "time", "ping", "lastactivity",
  "register_ibr", "user_account_management", "server_contact_info", "websocket", "offline", "presence", "message", "iq",
  "dialback", "s2s_bidi", "smacks",
}
authentication = "internal_hashed"
storage = "internal"
allow_registration = true
registration_throttle_max = nil
c2s_require_encryption = true
s2s_require_encryption = true
s2s_secure_auth = false
consider_websocket_secure = true
c2s_stanza_size_limit = 65536
s2s_stanza_size_limit = 65536
limits = nil
contact_info = { abuse = { "mailto:abuse@localhost", "xmpp:abuse@localhost" }, admin = { "xmpp:admin@localhost" } }
ssl = {
  key = "${paths.key}", certificate = "${paths.certificate}", cafile = "${paths.authority}", capath = "",
  protocol = "tlsv1_2+",
}
unbound = {
  resolvconf = false, hoststxt = false, forward = "127.0.0.1@${namesPort}",
  options = { ["do-not-query-localhost:"] = "no", ["module-config:"] = "iterator" },
}
VirtualHost "${domain}"
VirtualHost "${secondDomain}"
Component "${roomsDomain}" "muc"
  modules_enabled = { "muc_mam" }
  allow_unaffiliated_register = true
${componentDomains.map((name) => `Component "${name}" component_secret = "${componentSecret}"\n`).join("")}`;
}
