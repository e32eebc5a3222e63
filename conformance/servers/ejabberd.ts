// Starts ejabberd (Debian package `ejabberd`) with a configuration of its own, on the loopback, without Erlang distribution.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePorts, makeCertificate, makeFolder, ServerProcess, type StartedServer } from "./process.js";
import { startedServer } from "./started-server.js";

const domain = "localhost";

/** @throws Error when ejabberd is not installed or does not start */
export async function startEjabberd(): Promise<StartedServer> {
  const folder = await makeFolder("ejabberd");
  const [port = 0, tlsPort = 0, httpPort = 0] = await freePorts(3);
  await makeCertificate(folder, domain);
  await writeFile(join(folder, "ejabberd.yml"), configuration(folder, port, tlsPort, httpPort));
  const argv = ["-noinput", "+K", "true", "-mnesia", "dir", JSON.stringify(join(folder, "mnesia")), "-s", "ejabberd"];
  const running = await ServerProcess.start("erl", argv, port, environment(folder));
  const facts = {
    name: "ejabberd",
    domain,
    port,
    tlsPort,
    webSocketUrl: `ws://127.0.0.1:${httpPort}/ws`,
  };
  return startedServer(facts, running, folder);
}

function environment(folder: string): NodeJS.ProcessEnv {
  return {
    ERL_LIBS: "/usr/lib/x86_64-linux-gnu",
    ERL_CRASH_DUMP: join(folder, "crash.dump"),
    EJABBERD_CONFIG_PATH: join(folder, "ejabberd.yml"),
    EJABBERD_LOG_PATH: join(folder, "ejabberd.log"),
    HOME: folder,
  };
}

function configuration(folder: string, port: number, tlsPort: number, httpPort: number): string {
  return `
hosts: [${domain}]
loglevel: warning
certfiles: ["${folder}/certificate.pem", "${folder}/key.pem"]
auth_method: internal
auth_password_format: scram
registration_timeout: infinity
listen:
  - { port: ${port}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144, starttls_required: true }
  - { port: ${tlsPort}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144, tls: true }
  - port: ${httpPort}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers: { "/ws": ejabberd_http_ws, "/.well-known/host-meta": mod_host_meta, "/.well-known/host-meta.json": mod_host_meta }
acl: { local: { user_regexp: "" } }
access_rules: { local: { allow: local }, c2s: { allow: all }, register: { allow: all } }
api_permissions: {}
shaper_rules: { max_user_sessions: 10, max_user_offline_messages: 100, c2s_shaper: none }
modules:
  mod_disco: { server_info: [{ modules: all, name: abuse-addresses, urls: ["mailto:abuse@localhost"] }] }
  mod_host_meta: { websocket_url: "ws://127.0.0.1:${httpPort}/ws" }
  mod_last: {}
  mod_offline: {}
  mod_ping: {}
  mod_private: {}
  mod_caps: {}
  mod_register: { ip_access: all, access: register }
  mod_roster: { versioning: true }
  mod_time: {}
  mod_version: { show_os: false }
`;
}
