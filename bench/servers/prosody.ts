// Prosody at its best setting: generational garbage collection, epoll, no module that a scenario does not need.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deriveKeys } from "../generator/scram.js";
import { accountName } from "../job.js";
import { ask, launch } from "./launch.js";
import { DOMAIN, ITERATIONS, type Server, type Setting } from "./server.js";

export const prosody: Server = {
  dialect: "xmpp",
  version: async () => /Prosody (\S+)/.exec(await ask("prosodyctl", ["about"], "prosody"))?.[1] ?? "unknown",
  async start(setting) {
    await writeAccounts(setting);
    const file = join(setting.folder, "prosody.cfg.lua");
    await writeFile(file, configuration(setting));
    return launch(setting.folder, "prosody", ["--config", file, "-F"]);
  },
};

function configuration({ folder, port, key, certificate }: Setting): string {
  return `
run_as_root = true
data_path = ${JSON.stringify(folder)}
gc = { mode = "generational" }
network_backend = "epoll"
modules_enabled = { "roster", "saslauth", "tls", "ping" }
modules_disabled = { "s2s", "posix" }
authentication = "internal_hashed"
storage = "internal"
log = { error = ${JSON.stringify(join(folder, "error.log"))} }
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
s2s_ports = { }
c2s_require_encryption = false
ssl = { key = ${JSON.stringify(key)}, certificate = ${JSON.stringify(certificate)} }
VirtualHost "${DOMAIN}"
`;
}

/** Writes the files of Prosody's internal storage; all accounts share salt and keys, as they share the password. */
async function writeAccounts({ folder, accounts }: Setting): Promise<void> {
  const salt = "bench";
  const { storedKey, serverKey } = deriveKeys("sha1", Buffer.from(salt), ITERATIONS);
  const text = `return {
	["iteration_count"] = ${ITERATIONS};
	["salt"] = "${salt}";
	["stored_key"] = "${storedKey.toString("hex")}";
	["server_key"] = "${serverKey.toString("hex")}";
};\n`;
  const directory = join(folder, DOMAIN, "accounts");
  await mkdir(directory, { recursive: true });
  for (let index = 0; index < accounts; index += 1) await writeFile(join(directory, `${accountName(index)}.dat`), text);
}
