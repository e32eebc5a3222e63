// Rookery, this checkout's own, as a member of the federation.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Program } from "../../support/program.js";
import { PATIENCE_SECONDS, PORTS, type Setting, type Starter } from "./server.js";

const PROGRAM = fileURLToPath(new URL("../../../../src/main.js", import.meta.url));

export const rookery: Starter = {
  kind: "rookery",
  prepare: (setting) => writeFile(join(setting.folder, "rookery.toml"), configuration(setting)),
  async start({ folder }) {
    return run(folder, ["start", "--json"], [/\{.*"listeners":.*\}/]);
  },
  lost: (from, to) => new RegExp(`"local":"${from}","remote":"${to}","direction":"out".*"s2s-closed"`),
  proved: (domain, proof) => new RegExp(`"remote":"${domain}","theyProved":"${proof}".*"s2s-accepted"`),
};

/** Runs a command of Rookery's with the configuration in `folder`. */
export function rookeryCommand(folder: string, ...command: readonly string[]): Promise<Program> {
  return run(folder, command);
}

function run(folder: string, command: readonly string[], ready: readonly RegExp[] = []): Promise<Program> {
  return Program.start(process.execPath, {
    args: ["--enable-source-maps", PROGRAM, ...command, "--config", join(folder, "rookery.toml")],
    ready,
    installation: "npm run build",
  });
}

function configuration(setting: Setting): string {
  const { address, nameServer, domains, manner } = setting;
  return `
data = "data"
addresses = ["${address}"]
[log]
level = "debug"
format = "json"
[dns]
servers = ["${nameServer.address}:${nameServer.port}"]
timeout = "2s"
[federation]
enabled = true
require_tls = true
require_certificate = ${manner.proof === "certificate"}
dialback = ${manner.proof === "dialback"}
[servers]
authorities = "${setting.folder}/authorities.pem"
bidirectional = ${manner.isBidirectional}
stream_management = ${manner.hasStreamManagement}
negotiation_timeout = "${PATIENCE_SECONDS}s"
resume_time = "${PATIENCE_SECONDS}s"
queue_time = "${setting.queueSeconds}s"
[extensions.registration]
new_accounts = true
rate = 100000
${listener("c2s", PORTS.client)}${listener("s2s", PORTS.server)}${listener("s2s-tls", PORTS.serverTls)}
${domains.map(host).join("")}
`;
}

function listener(type: string, port: number): string {
  return `[[listeners]]\ntype = "${type}"\nport = ${port}\n`;
}

function host(domain: string): string {
  return `[hosts."${domain}"]\ncertificate = "certs/${domain}.crt"\nkey = "certs/${domain}.key"\n`;
}
