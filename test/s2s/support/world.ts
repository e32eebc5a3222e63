// Several whole servers in this process that federate over real sockets of loopback, with certificates of one authority.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Config, readConfig } from "../../../src/config/config.js";
import { systemClock } from "../../../src/extension/clock.js";
import { createLog } from "../../../src/observability/log.js";
import { Server } from "../../../src/server.js";
import { keyed, sections } from "../../../src/server/options.js";
import { memoryStorage } from "../../../src/storage/memory/memory-storage.js";
import type { Extension } from "../../../src/extension/declaration.js";
import { extensions as allExtensions } from "../../../xeps/index.js";
import { issue, makeAuthority, type Identity, type Wishes } from "../../net/support/authority.js";
import { RawClient } from "../../support/raw-client.js";

export interface ServerPlay {
  /** What the certificate says; by default it is good for the domain. "none" for a self-signed one. */
  readonly certificate?: Wishes | "none";
  /** More configuration, as TOML tables. */
  readonly config?: string;
  /** Beside all that there are. */
  readonly extensions?: readonly Extension<unknown>[];
}

const listeners = ["c2s", "s2s", "s2s-tls"]
  .map((type) => `[[listeners]]\ntype = "${type}"\nport = 0\n${type === "c2s" ? "trusted = true\n" : ""}`)
  .join("");

/** An authority, and the servers that trust it. */
export class World {
  readonly authority: Identity = makeAuthority("The Prince");
  readonly #servers = new Map<string, WorldServer>();
  #folder = "";

  private constructor() {}

  static async begin(test: Pick<TestContext, "after">): Promise<World> {
    const world = new World();
    world.#folder = await mkdtemp(join(tmpdir(), "rookery-"));
    await writeFile(join(world.#folder, "ca.pem"), world.authority.pem);
    test.after(async () => {
      await Promise.all([...world.#servers.values()].map((server) => server.stop()));
      await rm(world.#folder, { recursive: true, force: true });
    });
    return world;
  }

  get folder(): string {
    return this.#folder;
  }

  async server(domain: string, play: ServerPlay = {}): Promise<WorldServer> {
    const server = new WorldServer(this, domain, play);
    this.#servers.set(domain, server);
    await server.start();
    return server;
  }

  /** PEM files of a certificate. */
  async certificate(name: string, wishes: Wishes): Promise<{ readonly certificate: string; readonly key: string }> {
    const { pem, keyPem } = issue(this.authority, wishes);
    const files = { certificate: join(this.#folder, `${name}.pem`), key: join(this.#folder, `${name}.key`) };
    await writeFile(files.certificate, pem);
    await writeFile(files.key, keyPem);
    return files;
  }
}

export class WorldServer {
  readonly log: Readonly<Record<string, unknown>>[] = [];
  #server: Server | undefined;
  readonly #waiting = new Set<() => void>();
  readonly #cast: RawClient[] = [];

  constructor(
    private readonly world: World,
    readonly domain: string,
    private readonly play: ServerPlay,
  ) {}

  get server(): Server {
    return this.#server ?? assert.fail("The server has not been started.");
  }

  async start(): Promise<void> {
    this.#server = await Server.start({
      config: await this.#configure(this.play.config ?? ""),
      extensions: this.#extensions,
      log: createLog({ write: (line) => this.#heard(line) }, { level: "debug" }),
      clock: systemClock,
      storage: memoryStorage(),
      loginClock: { now: () => performance.now(), sleep: () => Promise.resolve() },
      onFailure: assert.ifError,
    });
  }

  /** Tells a server that runs where another one is. */
  async knows(other: WorldServer, isDirectTls = false): Promise<void> {
    await this.reloads(other.asPeer(isDirectTls));
  }

  /** Takes over a changed configuration: what it was started with, and this. */
  async reloads(more: string): Promise<void> {
    await this.server.reload(await this.#configure((this.play.config ?? "") + more));
  }

  get #extensions(): readonly Extension<unknown>[] {
    return [...allExtensions, ...(this.play.extensions ?? [])];
  }

  async #configure(more: string): Promise<Config> {
    const { domain, world, play } = this;
    const { certificate = { dns: [domain] } } = play;
    const files = certificate === "none" ? undefined : await world.certificate(domain, certificate);
    const pair = files === undefined ? "" : `certificate = "${files.certificate}"\nkey = "${files.key}"\n`;
    const authorities = `authorities = "${join(world.folder, "ca.pem")}"\n`;
    const servers = more.includes("[servers]\n") ? "" : "[servers]\n";
    const text =
      `data = "${join(world.folder, domain)}"\naddresses = ["127.0.0.1"]\n[hosts."${domain}"]\n${pair}` +
      `[login]\nscram_iterations = 10_000\n${listeners}${servers}${more}`;
    return readConfig(text.replace("[servers]\n", `[servers]\n${authorities}`), "world.toml", {
      sections,
      keyed,
      extensions: this.#extensions,
    });
  }

  async stop(): Promise<void> {
    for (const client of this.#cast) client.vanishes();
    await this.#server?.stop();
    this.#server = undefined;
    assert.deepEqual(
      this.log.filter(({ level }) => level === "error"),
      [],
    );
  }

  get isRunning(): boolean {
    return this.#server !== undefined;
  }

  port(type: "c2s" | "s2s" | "s2s-tls" | "component"): number {
    return this.server.listening.find((each) => each.type === type)?.port ?? assert.fail(`No ${type} listens.`);
  }

  /** What other servers must say to reach this one. */
  asPeer(isDirectTls = false, more = ""): string {
    const target = isDirectTls ? `tls:127.0.0.1:${this.port("s2s-tls")}` : `127.0.0.1:${this.port("s2s")}`;
    return `[peers."${this.domain}"]\ntargets = ["${target}"]\n${more}\n`;
  }

  /** A user with a session. */
  async login(user: string, host = this.domain): Promise<RawClient> {
    const key = { host, user };
    if ((await this.server.storage.accounts.get(key)) === undefined)
      await this.server.authentication.accounts.create(key, user);
    const client = await RawClient.tcp(this.port("c2s"), host);
    this.#cast.push(client);
    await client.authenticates(user, user);
    await client.binds("orchard");
    return client;
  }

  async enter(user: string, host = this.domain): Promise<RawClient> {
    const client = await this.login(user, host);
    await client.becomesAvailable();
    return client;
  }

  /** The first event of this name, or one behind it, once it has been logged. */
  async logged(event: string, number = 1): Promise<Readonly<Record<string, unknown>>> {
    for (;;) {
      const found = this.log.filter((each) => each["event"] === event)[number - 1];
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Resolves once an event has been logged, `first` or later, of which this is true. */
  async logs(isWanted: (event: Readonly<Record<string, unknown>>) => boolean, first: number): Promise<void> {
    while (!this.log.slice(first).some(isWanted)) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  #heard(line: string): void {
    this.log.push(JSON.parse(line) as Record<string, unknown>);
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
