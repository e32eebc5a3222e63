// Starts Prosody (Debian package `prosody`) with a configuration of its own, on the loopback.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePorts, makeCertificate, makeFolder, ServerProcess, type StartedServer } from "./process.js";
import { startedServer } from "./started-server.js";

const domain = "localhost";

/** @throws Error when Prosody is not installed or does not start */
export async function startProsody(): Promise<StartedServer> {
  const folder = await makeFolder("prosody");
  const [port = 0, tlsPort = 0, httpPort = 0] = await freePorts(3);
  const paths = await makeCertificate(folder, domain);
  const file = join(folder, "prosody.cfg.lua");
  await writeFile(file, configuration(folder, paths, port, tlsPort, httpPort));
  const running = await ServerProcess.start("prosody", ["-F", "--config", file], port);
  const facts = {
    name: "prosody",
    domain,
    port,
    tlsPort,
    webSocketUrl: `ws://127.0.0.1:${httpPort}/xmpp-websocket`,
  };
  return startedServer(facts, running, folder);
}

function configuration(
  folder: string,
  paths: { certificate: string; key: string },
  port: number,
  tlsPort: number,
  httpPort: number,
): string {
  return `
run_as_root = true
pidfile = "${folder}/prosody.pid"
data_path = "${folder}/data"
certificates = "${folder}"
log = { warn = "${folder}/prosody.log" }
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
c2s_direct_tls_ports = { ${tlsPort} }
http_ports = { ${httpPort} }
https_ports = { }
s2s_ports = { }
modules_enabled = {
  "roster", "saslauth", "tls", "disco", "private", "version", "uptime", "time", "ping", "lastactivity",
  "register_ibr", "user_account_management", "server_contact_info", "websocket", "offline", "presence", "message", "iq",
}
modules_disabled = { "s2s" }
authentication = "internal_hashed"
storage = "internal"
allow_registration = true
registration_throttle_max = nil
c2s_require_encryption = true
consider_websocket_secure = true
c2s_stanza_size_limit = 65536
unbound_resource_limit = 5
limits = nil
contact_info = { abuse = { "mailto:abuse@localhost", "xmpp:abuse@localhost" }, admin = { "xmpp:admin@localhost" } }
ssl = { key = "${paths.key}", certificate = "${paths.certificate}", protocol = "tlsv1_2+" }
VirtualHost "${domain}"
`;
}
