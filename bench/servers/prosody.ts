// Prosody at its best setting: generational garbage collection, epoll, no module that a scenario does not need.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deriveKeys } from "../generator/scram.js";
import { accountName } from "../job.js";
import { ask, launch } from "./launch.js";
import { ITERATIONS, type Federation, type Server, type Setting } from "./server.js";

export const prosody: Server = {
  dialect: "xmpp",
  // 5 000 were not all in a room after seven minutes of CPU time, although told of nobody but themselves and its owner.
  mostOccupants: 1000,
  version: async () => /Prosody (\S+)/.exec(await ask("prosodyctl", ["about"], "prosody"))?.[1] ?? "unknown",
  async start(setting) {
    await writeAccounts(setting);
    const file = join(setting.folder, "prosody.cfg.lua");
    await writeFile(file, configuration(setting));
    if (setting.federation) await writeFile(join(setting.folder, "mod_partner.lua"), partnerModule(setting.federation));
    return launch(setting.folder, "prosody", ["--config", file, "-F"]);
  },
};

function configuration({ folder, domain, address, port, key, certificate, federation, hasRooms }: Setting): string {
  const tls = { key, certificate, ...(federation && { cafile: federation.authority }) };
  return `
run_as_root = true
data_path = ${JSON.stringify(folder)}
gc = { mode = "generational" }
network_backend = "epoll"
modules_enabled = { "roster", "saslauth", "tls", "ping"${federation ? ', "partner"' : ""} }
modules_disabled = { "posix"${federation ? "" : ', "s2s"'} }
plugin_paths = { ${JSON.stringify(folder)} }
authentication = "internal_hashed"
storage = "internal"
log = { error = ${JSON.stringify(join(folder, "error.log"))} }
interfaces = { "${address}" }
c2s_ports = { ${port} }
s2s_ports = { ${federation?.port ?? ""} }
s2s_require_encryption = true
s2s_secure_auth = true
c2s_require_encryption = false
ssl = { ${Object.entries(tls)
    .map(([name, file]) => `${name} = ${JSON.stringify(file)}`)
    .join(", ")} }
VirtualHost "${domain}"
${hasRooms ? `Component "rooms.${domain}" "muc"` : ""}
`;
}

/** A module of Prosody that stands in for DNS. */
function partnerModule({ partner }: Federation): string {
  return `
module:set_global()
local basic, service = require "net.resolvers.basic", require "net.resolvers.service"
local new = service.new
function service.new(host, name, kind, extra)
  if host ~= "${partner.domain}" then return new(host, name, kind, extra) end
  return basic.new("${partner.address}", ${partner.port}, kind, extra)
end
`;
}

/** Writes the files of Prosody's internal storage; all accounts share salt and keys, as they share the password. */
async function writeAccounts({ folder, domain, accounts }: Setting): Promise<void> {
  const salt = "bench";
  const { storedKey, serverKey } = deriveKeys("sha1", Buffer.from(salt), ITERATIONS);
  const text = `return {
	["iteration_count"] = ${ITERATIONS};
	["salt"] = "${salt}";
	["stored_key"] = "${storedKey.toString("hex")}";
	["server_key"] = "${serverKey.toString("hex")}";
};\n`;
  const directory = join(folder, escaped(domain), "accounts");
  await mkdir(directory, { recursive: true });
  for (let index = 0; index < accounts; index += 1) await writeFile(join(directory, `${accountName(index)}.dat`), text);
}

/** A domain as Prosody names its folder. */
function escaped(domain: string): string {
  return domain.replaceAll(".", "%2e");
}
