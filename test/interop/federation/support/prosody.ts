// Prosody (Debian packages `prosody`, `lua-unbound`) as a member of the federation.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Program } from "../../support/program.js";
import { PATIENCE_SECONDS, PORTS, type Setting, type Starter } from "./server.js";

const installation = "apt-get install prosody lua-unbound";

export const prosody: Starter = {
  kind: "prosody",
  prepare: (setting) => writeFile(join(setting.folder, "prosody.cfg.lua"), configuration(setting)),
  async start({ folder }) {
    const program = await Program.start("prosody", {
      args: ["-F", "--config", join(folder, "prosody.cfg.lua")],
      ready: ["c2s", "s2s", "s2s_direct_tls"].map(serviceStarted),
      installation,
    });
    if (program.output.includes("Using legacy DNS API")) throw new Error(`Prosody asks the wrong DNS. ${installation}`);
    return program;
  },
  lost: (from, to) => new RegExp(`s2s (?:disconnected: |stream )${from}->${to}.*`),
  proved: (domain, proof) =>
    proof === "certificate"
      ? new RegExp(`Accepting SASL EXTERNAL identity from ${domain}`)
      : new RegExp(`asking ${domain} if key \\S+ belongs to them[^]*?is now authenticated for ${domain}`),
};

function serviceStarted(service: string): RegExp {
  return new RegExp(`Activated service '${service}' on .*`);
}

function configuration(setting: Setting): string {
  const { address, nameServer, folder, domains } = setting;
  const modules = modulesFor(setting).map((name) => `"${name}"`);
  return `
run_as_root = true
pidfile = "${folder}/prosody.pid"
data_path = "${folder}/data"
log = { { to = "console", levels = { min = "debug" } } }
interfaces = { "${address}" }
c2s_ports = { ${PORTS.client} }
s2s_ports = { ${PORTS.server} }
s2s_direct_tls_ports = { ${PORTS.serverTls} }
modules_enabled = { ${modules.join(", ")} }
authentication = "internal_hashed"
storage = "internal"
allow_registration = true
registration_throttle_max = nil
limits = nil
s2s_secure_auth = ${setting.manner.proof === "certificate"}
s2s_require_encryption = true
s2s_timeout = ${PATIENCE_SECONDS}
s2s_close_timeout = 1
certificates = "${folder}/certs"
ssl = { cafile = "${folder}/authorities.pem", capath = "" }
unbound = {
  resolvconf = false, hoststxt = false, forward = "${nameServer.address}@${nameServer.port}",
  options = {
    ["do-not-query-localhost:"] = "no", ["module-config:"] = "iterator",
    ["outbound-msg-retry:"] = "2", ["infra-host-ttl:"] = "0",
  },
}
${domains.map((domain) => `VirtualHost "${domain}"`).join("\n")}
`;
}

function modulesFor({ manner }: Setting): string[] {
  const usual = ["roster", "saslauth", "tls", "disco", "ping", "version", "register_ibr"];
  const dialback = manner.proof === "dialback" ? ["dialback"] : [];
  const bidirectional = manner.isBidirectional ? ["s2s_bidi"] : [];
  const management = manner.hasStreamManagement ? ["smacks"] : [];
  return [...usual, ...dialback, ...bidirectional, ...management];
}
