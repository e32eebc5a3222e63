// What commands can do with the storage alone: accounts and what they keep.
import { join } from "node:path";
import { createAuthentication } from "../auth/authentication.js";
import { loginOptions } from "../auth/section.js";
import type { Config } from "../config/config.js";
import { readOrCreateSecrets } from "../config/secrets.js";
import { databaseName } from "../server.js";
import { preparation } from "../auth/jid-preparation.js";
import { sqliteStorage } from "../storage/sqlite/sqlite-storage.js";
import type { Storage } from "../storage/storage.js";
import type { AccountOperations, CommandContext } from "./context.js";
import type { OfflineServer } from "./execution.js";

/** The part that is the same with and without a running server. */
export function storageContext(
  hosts: readonly string[],
  accounts: AccountOperations,
  storage: Pick<Storage, "accounts" | "offline">,
): Omit<CommandContext, "server"> {
  return {
    hosts,
    accounts,
    roster: async (key) => (await storage.accounts.load(key, []))?.roster,
    offlineCount: (key) => storage.offline.count(key),
  };
}

/** Opens the storage of a server that is not running. Throws StorageError "in-use" when one is running after all. */
export async function openOffline(config: Config): Promise<OfflineServer> {
  const { fake_salt: secret } = await readOrCreateSecrets(config.data);
  const storage = await sqliteStorage(join(config.data, databaseName));
  const { accounts } = createAuthentication({
    accounts: storage.accounts,
    secret,
    preparation,
    optionsOf: (host) => (config.host(host) ?? config).values(loginOptions),
    onFault: () => undefined, // nobody logs in here
  });
  const hosts = config.hosts.map(({ domain }) => domain);
  const context = { ...storageContext(hosts, accounts, storage), server: undefined };
  return { context, close: () => storage.close() };
}
