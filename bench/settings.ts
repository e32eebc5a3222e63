// What the servers of a scenario are started with: one that is alone, or two that federate.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { makeAuthority, makeCertificate, type KeyKind } from "./certificate.js";
import type { Transport } from "./job.js";
import { freePort } from "./servers/launch.js";
import type { Setting } from "./servers/server.js";

/** What does not depend on where a server is. */
export interface Common {
  readonly accounts: number;
  readonly hasRooms: boolean;
  readonly transport: Transport;
}

/** For a server that is alone; makes a self-signed certificate in `folder`. */
export async function alone(folder: string, kind: KeyKind, common: Common): Promise<readonly Setting[]> {
  const [domain, address] = ["localhost", "127.0.0.1"];
  const secrets = await makeCertificate(folder, kind, domain);
  return [{ ...common, ...secrets, folder, domain, address, port: await freePort(address) }];
}

/** For two that trust the same authority, each with an address and a folder inside `folder` of its own. */
export async function federated(folder: string, kind: KeyKind, common: Common): Promise<readonly Setting[]> {
  const authority = await makeAuthority(folder, kind);
  const one = await place("a.bench", "127.0.0.2");
  const other = await place("b.bench", "127.0.0.3");
  const pairs = [
    [one, other],
    [other, one],
  ] as const;
  const settings = pairs.map(async ([{ domain, address, port, clients }, partner]) => {
    const own = join(folder, domain);
    await mkdir(own);
    const secrets = await makeCertificate(own, kind, domain, authority);
    const federation = { port, authority: authority.certificate, partner };
    return { ...common, ...secrets, folder: own, domain, address, port: clients, federation };
  });
  return Promise.all(settings);
}

async function place(domain: string, address: string) {
  return { domain, address, port: await freePort(address), clients: await freePort(address) };
}
