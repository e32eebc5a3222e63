// A server that the suite has started, as the runner sees it: accounts by registration, everything gone with its folder.
import { ComponentDomains } from "../peer/component-domains.js";
import type { World } from "../peer/world.js";
import type { Federation, ServerUnderTest } from "../server-under-test.js";
import type { ServerProcess, StartedServer } from "./process.js";
import { Registrar } from "./registration.js";

/** What tells one started server from another. */
type Facts = Pick<ServerUnderTest, "name" | "domain" | "port" | "tlsPort" | "webSocketUrl" | "httpUrl"> & {
  readonly federation?: Federation;
};

/** The domains that every started server has. */
export const domain = "localhost";
export const secondDomain = "second.localhost";
export const componentSecret = "all the world's a stage";
export const roomsDomain = "rooms.localhost";
/** More than scenes at a time have components. */
export const componentDomains = Array.from({ length: 24 }, (_, index) => `component-${index + 1}.localhost`);

/** What its certificate is for. */
export const allDomains = [domain, secondDomain, roomsDomain, ...componentDomains];

/** What servers and components need to know of a started server, on these ports. */
export function federationOf(
  world: World,
  ports: { readonly server: number; readonly serverTls: number; readonly component: number },
): Federation {
  return {
    world,
    port: ports.server,
    tlsPort: ports.serverTls,
    secondDomain,
    components: { port: ports.component, secret: componentSecret, domains: new ComponentDomains(componentDomains) },
  };
}

export function startedServer(facts: Facts, running: ServerProcess, folder: string): StartedServer {
  const registrar = new Registrar(() => server);
  const server: ServerUnderTest = {
    ...facts,
    rooms: roomsDomain,
    address: "127.0.0.1",
    isCertificateTrusted: false,
    createAccount: (account) => registrar.createAccount(account),
    // The folder goes away with the server.
    removeAccount: async () => undefined,
  };
  const stop = async () => {
    registrar.stop();
    await running.stop(folder);
    await facts.federation?.world.stop();
  };
  return { server, stop };
}
