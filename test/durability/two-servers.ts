// Two servers in processes of their own that exchange stanzas, each on an address and a port that it keeps.
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { databaseName } from "../../src/server.js";
import { issue, makeAuthority } from "../net/support/authority.js";
import type { RawClient } from "../support/raw-client.js";
import { Household, ServerProcess } from "./server-process.js";
import type { Road } from "./road.js";

/** Users of either server; their passwords are their names. */
const users = { "verona.example": ["juliet", "nurse"], "mantua.example": ["romeo", "balthasar"] } as const;

export interface Journey {
  /** What lies between Verona's server and Mantua's, when Verona connects, and when Mantua does. */
  readonly toMantua?: Road;
  readonly toVerona?: Road;
  /** They prove who they are by dialback over TLS, not by certificates. */
  readonly byDialback?: boolean;
  /** More lines of the table [servers], for both; tables of their own may follow. */
  readonly limits?: string;
  /** More users of both, beside the usual ones. */
  readonly crowd?: readonly string[];
}

/** A domain whose server comes and goes. */
export class City {
  readonly household: Household;
  #server: ServerProcess | undefined;

  constructor(
    context: TestContext,
    readonly domain: keyof typeof users,
    /** "address:port" for other servers. */
    readonly gate: string,
  ) {
    this.household = new Household(domain);
    context.after(async () => {
      await this.#server?.kill();
      this.household.remove();
    });
  }

  /** What the server has complained of since it was last started. */
  get complaints(): string {
    return this.#server?.complaints ?? "";
  }

  async start(): Promise<void> {
    this.#server = await ServerProcess.start(this.household);
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.#server?.kill();
  }

  /** SIGTERM; resolves to the exit code. */
  async stop(): Promise<number | null | undefined> {
    return this.#server?.terminate();
  }

  /** Whether the text stands in the database's files, in whatever way. */
  hasWritten(text: string): boolean {
    const data = join(this.household.path, "data");
    const files = [databaseName, `${databaseName}-wal`].map((name) => join(data, name));
    return files.some((file) => existsSync(file) && readFileSync(file).includes(text));
  }

  async login(user: string): Promise<RawClient> {
    if (this.#server === undefined) throw new Error(`The server of ${this.domain} has not been started.`);
    return this.#server.login(user);
  }

  async enter(user: string): Promise<RawClient> {
    const client = await this.login(user);
    await client.becomesAvailable();
    return client;
  }
}

/** Both with their accounts, neither of them started. */
export async function twoServers(
  context: TestContext,
  journey: Journey = {},
): Promise<{ readonly verona: City; readonly mantua: City }> {
  const verona = new City(context, "verona.example", await freeGate());
  const mantua = new City(context, "mantua.example", await freeGate());
  const authority = makeAuthority("The Prince");
  const { toMantua, toVerona } = journey;
  if (toMantua !== undefined) toMantua.destination = mantua.gate;
  if (toVerona !== undefined) toVerona.destination = verona.gate;
  for (const [city, peer, target] of [
    [verona, mantua, toMantua?.start ?? mantua.gate],
    [mantua, verona, toVerona?.start ?? verona.gate],
  ] as const) {
    const certificate = journey.byDialback === true ? "" : certify(city, authority);
    city.household.configure(configuration(city, peer, target, certificate, journey));
    await city.household.settle([...users[city.domain], ...(journey.crowd ?? [])]);
  }
  return { verona, mantua };
}

/** A loopback address that nobody else has, so that its ports stay free while the server is not there. */
async function freeGate(): Promise<string> {
  const address = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  const server = createServer().listen(0, address);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `${address}:${port}`;
}

/** The lines of the host that name its certificate. */
function certify({ domain, household: { path } }: City, authority: ReturnType<typeof makeAuthority>): string {
  const { pem, keyPem } = issue(authority, { dns: [domain, `rooms.${domain}`] });
  writeFileSync(join(path, "certificate.pem"), pem);
  writeFileSync(join(path, "key.pem"), keyPem);
  writeFileSync(join(path, "authority.pem"), authority.pem);
  return `certificate = "${join(path, "certificate.pem")}"\nkey = "${join(path, "key.pem")}"`;
}

function configuration(city: City, peer: City, target: string, certificate: string, journey: Journey): string {
  const [address, port] = city.gate.split(":");
  const authorities = certificate === "" ? "" : `authorities = "${join(city.household.path, "authority.pem")}"`;
  return `
addresses = ["127.0.0.1"]
[[listeners]]
type = "c2s"
port = 0
trusted = true
[[listeners]]
type = "s2s"
addresses = ["${address}"]
port = ${port}
[hosts."${city.domain}"]
${certificate}
[login]
scram_iterations = 10_000
[accounts]
offline_messages = 100_000
[servers]
${authorities}
back_off = "100ms"
${journey.limits ?? ""}
${[peer.domain, `rooms.${peer.domain}`].map((domain) => way(domain, target, certificate !== "")).join("")}
[log]
level = "error"
`;
}

function way(domain: string, target: string, hasCertificate: boolean): string {
  return `[peers."${domain}"]\ntargets = ["${target}"]\nrequire_certificate = ${hasCertificate}\n`;
}
