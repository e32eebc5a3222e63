// Starts ejabberd (Debian package `ejabberd`) with a configuration of its own, on the loopback, without Erlang distribution.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { World } from "../peer/world.js";
import { freePorts, makeCertificate, makeFolder, ServerProcess, type StartedServer } from "./process.js";
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

/** @throws Error when ejabberd is not installed or does not start */
export async function startEjabberd(): Promise<StartedServer> {
  const folder = await makeFolder("ejabberd");
  const [client = 0, clientTls = 0, web = 0, server = 0, serverTls = 0, component = 0] = await freePorts(6);
  const ports = { client, clientTls, web, server, serverTls, component };
  const world = await World.start();
  await makeCertificate(folder, world.authority, allDomains);
  await writeFile(join(folder, "ejabberd.yml"), configuration(folder, ports));
  await writeFile(join(folder, "inetrc"), nameService(world.names.port));
  const argv = ["-noinput", "+K", "true", "-mnesia", "dir", JSON.stringify(join(folder, "mnesia")), "-s", "ejabberd"];
  const running = await ServerProcess.start("erl", argv, client, environment(folder));
  const facts = {
    name: "ejabberd",
    domain,
    port: client,
    tlsPort: clientTls,
    webSocketUrl: `ws://127.0.0.1:${web}/ws`,
    federation: federationOf(world, ports),
  };
  return startedServer(facts, running, folder);
}

/** Erlang's resolver asks this port, and nobody else. */
function nameService(port: number): string {
  const nothingElse = '{resolv_conf, ""}.\n{hosts_file, ""}.\n{lookup, [dns]}.\n{cache_size, 0}.\n';
  return `${nothingElse}{nameserver, {127,0,0,1}, ${port}}.\n`;
}

function environment(folder: string): NodeJS.ProcessEnv {
  return {
    ERL_LIBS: "/usr/lib/x86_64-linux-gnu",
    ERL_INETRC: join(folder, "inetrc"),
    ERL_CRASH_DUMP: join(folder, "crash.dump"),
    EJABBERD_CONFIG_PATH: join(folder, "ejabberd.yml"),
    EJABBERD_LOG_PATH: join(folder, "ejabberd.log"),
    HOME: folder,
  };
}

function configuration(folder: string, ports: Ports): string {
  const components = componentDomains.map((name) => `"${name}": { password: "${componentSecret}" }`);
  return `
hosts: [${domain}, ${secondDomain}]
loglevel: warning
certfiles: ["${folder}/certificate.pem", "${folder}/key.pem"]
ca_file: "${folder}/authority.pem"
s2s_use_starttls: required
s2s_max_retry_delay: 1
outgoing_s2s_families: [ipv4]
auth_method: internal
auth_password_format: scram
registration_timeout: infinity
listen:
  - { port: ${ports.client}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144, starttls_required: true }
  - { port: ${ports.clientTls}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144, tls: true }
  - { port: ${ports.server}, ip: "127.0.0.1", module: ejabberd_s2s_in, max_stanza_size: 262144 }
  - { port: ${ports.serverTls}, ip: "127.0.0.1", module: ejabberd_s2s_in, max_stanza_size: 262144, tls: true }
  - { port: ${ports.component}, ip: "127.0.0.1", module: ejabberd_service, global_routes: false, hosts: { ${components.join(", ")} } }
  - port: ${ports.web}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers: { "/ws": ejabberd_http_ws, "/.well-known/host-meta": mod_host_meta, "/.well-known/host-meta.json": mod_host_meta }
acl: { local: { user_regexp: "" } }
access_rules: { local: { allow: local }, c2s: { allow: all }, register: { allow: all } }
api_permissions: {}
shaper_rules: { max_user_sessions: 10, max_user_offline_messages: 100, c2s_shaper: none, s2s_shaper: none }
modules:
  mod_disco: { server_info: [{ modules: all, name: abuse-addresses, urls: ["mailto:abuse@localhost"] }] }
  mod_host_meta: { websocket_url: "ws://127.0.0.1:${ports.web}/ws" }
  mod_last: {}
  mod_mam: {}
  mod_muc: { hosts: ["${roomsDomain}"], default_room_options: { mam: true } }
  mod_muc_admin: {}
  mod_muc_log: { outdir: "${folder}/rooms", access_log: all }
  mod_offline: {}
  mod_ping: {}
  mod_private: {}
  mod_caps: {}
  mod_register: { ip_access: all, access: register }
  mod_roster: { versioning: true }
  mod_s2s_dialback: {}
  mod_time: {}
  mod_version: { show_os: false }
`;
}
