// Finds the server that the command line names.
import type { ServerUnderTest } from "../server-under-test.js";
import type { StartedServer } from "./process.js";
import { startEjabberd } from "./ejabberd.js";
import { startProsody } from "./prosody.js";
import { startRookery } from "./rookery.js";
import { Registrar } from "./registration.js";

const starters: Readonly<Record<string, () => Promise<StartedServer>>> = {
  ejabberd: startEjabberd,
  prosody: startProsody,
  rookery: startRookery,
};

/** Starts the named server, or takes the name for the host of one that runs already. */
export async function startServer(name: string): Promise<StartedServer> {
  const start = starters[name];
  return start === undefined ? remoteServer(name) : start();
}

/** A server that runs somewhere, on the usual ports, and lets everybody register. */
function remoteServer(name: string): StartedServer {
  const [host = "", port = "5222"] = name.split(":");
  const registrar = new Registrar(() => server);
  const server: ServerUnderTest = {
    name: host,
    domain: host,
    address: host,
    port: Number(port),
    isCertificateTrusted: false,
    createAccount: (account) => registrar.createAccount(account),
    removeAccount: async () => undefined,
  };
  return { server, stop: async () => registrar.stop() };
}
