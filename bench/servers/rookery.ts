// Rookery, from this checkout, as an operator starts it.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sqliteStorage } from "../../src/storage/sqlite/sqlite-storage.js";
import { deriveKeys } from "../generator/scram.js";
import { accountName } from "../job.js";
import { launch } from "./launch.js";
import { ITERATIONS, type Federation, type Server, type Setting } from "./server.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export const rookery: Server = {
  dialect: "xmpp",
  version: async () =>
    `${/"version": "(.+)"/.exec(await readFile(join(ROOT, "package.json"), "utf8"))?.[1] ?? ""}, node ${process.version}`,
  async start(setting) {
    await writeAccounts(setting);
    const file = join(setting.folder, "rookery.toml");
    await writeFile(file, configuration(setting));
    return launch(setting.folder, process.execPath, [join(ROOT, "bin/rookery.js"), "start", "--config", file]);
  },
};

/** All as it is by itself, but for addresses, logs, and logging in without TLS where TLS is not what is measured. */
function configuration({ domain, address, port, transport, key, certificate, federation }: Setting): string {
  return `
data = "data"
[log]
level = "error"
[[listeners]]
type = "c2s"
addresses = ["${address}"]
port = ${port}
trusted = ${transport === "tcp"}
[extensions.rooms]
# The generator speaks as fast as it is heard, in the name of few people and in many rooms at a time.
message_rate = 10_000
message_burst = 100_000
presence_rate = 10_000
[clients]
# It answers no pings, and to fill a room takes longer than a silent client is given.
idle_timeout = "1d"
[hosts."${domain}"]
certificate = ${JSON.stringify(certificate)}
key = ${JSON.stringify(key)}
${federation ? federate(address, federation) : ""}`;
}

function federate(address: string, { port, authority, partner }: Federation): string {
  return `
[[listeners]]
type = "s2s"
addresses = ["${address}"]
port = ${port}
[servers]
authorities = ${JSON.stringify(authority)}
[peers."${partner.domain}"]
targets = ["${partner.address}:${partner.port}"]
`;
}

/** Puts the accounts into the database before the start; all share salts and keys, as they share the password. */
async function writeAccounts({ folder, domain, accounts }: Setting): Promise<void> {
  const data = join(folder, "data");
  await mkdir(data, { mode: 0o700 });
  const storage = await sqliteStorage(join(data, "rookery.db"));
  const credentials = { "SHA-1": storedKeys("sha1"), "SHA-256": storedKeys("sha256") };
  const records = Array.from({ length: accounts }, (_, index) => accountName(index)).map((user) =>
    storage.accounts.create({ host: domain, user, credentials, isDisabled: false, createdAt: 0 }),
  );
  await Promise.all(records);
  await storage.close();
}

function storedKeys(digest: string) {
  const salt = Buffer.from("bench");
  const { storedKey, serverKey } = deriveKeys(digest, salt, ITERATIONS);
  const text = (bytes: Buffer) => bytes.toString("base64");
  return { salt: text(salt), iterations: ITERATIONS, storedKey: text(storedKey), serverKey: text(serverKey) };
}
