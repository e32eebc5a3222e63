// ejabberd (Debian package `ejabberd`) as a member of the federation, without Erlang distribution.
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Program } from "../../support/program.js";
import { PATIENCE_SECONDS, PORTS, type Setting, type Starter } from "./server.js";

/** Where Debian keeps Erlang libraries, ejabberd among them. */
const LIBRARIES = "/usr/lib/x86_64-linux-gnu";
const NET = fileURLToPath(new URL("../../../../../test/interop/federation/support/net.erl", import.meta.url));
const installation = "apt-get install ejabberd";

export const ejabberd: Starter = {
  kind: "ejabberd",
  async prepare(setting) {
    const { folder, nameServer } = setting;
    await writeFile(join(folder, "ejabberd.yml"), configuration(setting));
    await writeFile(join(folder, "inetrc"), nameService(nameServer.address, nameServer.port));
    await promisify(execFile)("erlc", ["-o", folder, NET]).catch((cause: unknown) => {
      throw new Error(`erlc failed. Install it: ${installation}`, { cause });
    });
  },
  async start({ folder }) {
    const database = ["-mnesia", "dir", JSON.stringify(join(folder, "mnesia"))];
    // -nostick and -pa put our module `net` before Erlang's
    const args = ["-noinput", "+K", "true", "-nostick", "-pa", folder, ...database, "-s", "ejabberd"];
    const ready = Object.values(PORTS).map(
      (port) => new RegExp(`Start accepting T(?:CP|LS) connections at \\S*:${port} for .*`),
    );
    return Program.start("erl", { args, env: environment(folder), ready, installation });
  },
  lost: (from, to) => new RegExp(`Closing outbound s2s connection ${from} -> ${to}: .*`),
  proved: (domain, proof) =>
    new RegExp(
      `Accepted inbound s2s ${proof === "certificate" ? "EXTERNAL" : "dialback"} authentication ${domain} -> .*`,
    ),
};

function environment(folder: string): Record<string, string> {
  return {
    ERL_LIBS: LIBRARIES,
    ERL_INETRC: join(folder, "inetrc"),
    ERL_CRASH_DUMP: join(folder, "crash.dump"),
    EJABBERD_CONFIG_PATH: join(folder, "ejabberd.yml"),
    EJABBERD_LOG_PATH: join(folder, "ejabberd.log"),
    HOME: folder,
  };
}

/** Erlang's own resolver, which asks this name server and nobody else. */
function nameService(address: string, port: number): string {
  const nothingElse = '{resolv_conf, ""}.\n{hosts_file, ""}.\n{lookup, [dns]}.\n{cache_size, 0}.\n';
  return `${nothingElse}{nameserver, {${address.replaceAll(".", ",")}}, ${port}}.\n{timeout, 1000}.\n{retry, 1}.\n`;
}

function configuration({ folder, domains, address, manner }: Setting): string {
  const listener = `ip: "${address}", max_stanza_size: 524288`;
  return `
hosts: [${domains.join(", ")}]
loglevel: info
certfiles: ["${folder}/certs/*"]
ca_file: "${folder}/authorities.pem"
auth_method: internal
auth_password_format: scram
registration_timeout: infinity
s2s_use_starttls: required
negotiation_timeout: ${PATIENCE_SECONDS}
s2s_dns_timeout: 2
s2s_dns_retries: 1
s2s_max_retry_delay: 1
outgoing_s2s_families: [ipv4]
outgoing_s2s_ipv4_address: "${address}"
listen:
  - { port: ${PORTS.client}, ${listener}, module: ejabberd_c2s, starttls_required: true }
  - { port: ${PORTS.server}, ${listener}, module: ejabberd_s2s_in }
  - { port: ${PORTS.serverTls}, ${listener}, module: ejabberd_s2s_in, tls: true }
acl: { local: { user_regexp: "" } }
access_rules: { local: { allow: local }, c2s: { allow: all }, register: { allow: all } }
api_permissions: {}
shaper_rules: { max_user_sessions: 10, max_user_offline_messages: 10000, c2s_shaper: none, s2s_shaper: none }
modules:
  mod_disco: {}
  mod_offline: {}
  mod_ping: {}
  mod_register: { ip_access: all, access: register }
  mod_roster: {}
  mod_version: { show_os: false }
${manner.proof === "dialback" ? "  mod_s2s_dialback: {}" : ""}
`;
}
