// A server that the suite has started, as the runner sees it: accounts by registration, everything gone with its folder.
import type { ServerUnderTest } from "../server-under-test.js";
import type { ServerProcess, StartedServer } from "./process.js";
import { Registrar } from "./registration.js";

/** What tells one started server from another. */
type Facts = Pick<ServerUnderTest, "name" | "domain" | "port" | "tlsPort" | "webSocketUrl" | "httpUrl">;

export function startedServer(facts: Facts, running: ServerProcess, folder: string): StartedServer {
  const registrar = new Registrar(() => server);
  const server: ServerUnderTest = {
    ...facts,
    address: "127.0.0.1",
    isCertificateTrusted: false,
    createAccount: (account) => registrar.createAccount(account),
    // The folder goes away with the server.
    removeAccount: async () => undefined,
  };
  const stop = async () => {
    registrar.stop();
    await running.stop(folder);
  };
  return { server, stop };
}
