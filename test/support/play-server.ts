// A whole server in this process, without sockets, files or a real clock, for tests that read as transcripts.
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { createAuthentication, type Authentication } from "../../src/auth/authentication.js";
import { nodePrimitives } from "../../src/auth/primitives.js";
import { loginOptions } from "../../src/auth/section.js";
import { clientOptions } from "../../src/c2s/options.js";
import { ClientService } from "../../src/c2s/service.js";
import { componentOptions } from "../../src/component/options.js";
import { ComponentService } from "../../src/component/service.js";
import { type Config, readConfig } from "../../src/config/config.js";
import type { Extension } from "../../src/extension/declaration.js";
import { createLog, type Log } from "../../src/observability/log.js";
import { MetricsRegistry } from "../../src/observability/metrics.js";
import { Trace } from "../../src/observability/trace.js";
import { Router } from "../../src/routing/router.js";
import { AccountWatch } from "../../src/server/account-watch.js";
import { type RunningHost, startHost } from "../../src/server/hosts.js";
import { keyed, sections } from "../../src/server/options.js";
import { preparation } from "../../src/auth/jid-preparation.js";
import { memoryStorage } from "../../src/storage/memory/memory-storage.js";
import type { Storage } from "../../src/storage/storage.js";
import { extensions as allExtensions } from "../../xeps/index.js";
import { Client } from "./client.js";
import { ExternalComponent } from "./external-component.js";
import { FakeClock } from "./fake-clock.js";
import type { FakeConnection } from "./fake-transport.js";

export interface Play {
  /** "verona.example" unless said. */
  readonly hosts?: readonly string[];
  /** All that there are unless said. */
  readonly extensions?: readonly Extension<unknown>[];
  /** More configuration, as TOML: tables such as [extensions.ping] or [clients]. */
  readonly config?: string;
  /** Whether events of level info are kept, too. */
  readonly hasEvents?: boolean;
}

/** Starts a server, which stops by itself after the test; that fails when the server has logged an error. */
export async function playServer(test: TestContext, play: Play = {}): Promise<Stage> {
  const stage = new Stage(play);
  test.after(() => stage.stop());
  await stage.start();
  return stage;
}

/** Prepared as nobody would in earnest: tests must not spend their time on PBKDF2. */
const quickPrimitives: typeof nodePrimitives = {
  ...nodePrimitives,
  pbkdf2: (hash, password, salt) => nodePrimitives.pbkdf2(hash, password, salt, 1),
};

export class Stage {
  readonly clock = new FakeClock();
  readonly storage: Storage = memoryStorage();
  readonly router = new Router();
  readonly authentication: Authentication;
  readonly clients: ClientService;
  readonly components: ComponentService;
  readonly trace = new Trace();
  /** Events of level error; empty them when they were meant. */
  readonly errors: string[] = [];
  /** All events as they were logged, if the play wants them. */
  readonly events: string[] = [];
  readonly #config: Config;
  readonly #play: Play;
  readonly #log: Log;
  readonly #hosts: RunningHost[] = [];
  readonly #cast: Client[] = [];

  constructor(play: Play) {
    this.#play = play;
    this.#log = createLog({ write: (line) => this.#note(line) }, { level: play.hasEvents === true ? "info" : "error" });
    const { hosts = ["verona.example"], extensions = allExtensions, config = "" } = play;
    const tables = hosts.map((host) => `[hosts."${host}"]`).join("\n");
    this.#config = readConfig(`${config}\n${tables}\n`, "play.toml", { sections, keyed, extensions }, "/nowhere");
    this.clients = new ClientService(this.#config.values(clientOptions), this.clock, this.#log);
    const { router, clock, trace } = this;
    const parts = { router, clock, log: this.#log, trace };
    this.components = new ComponentService(this.#config.tables(componentOptions), parts);
    this.authentication = createAuthentication({
      accounts: this.storage.accounts,
      secret: Buffer.alloc(32),
      preparation,
      optionsOf: (host) => (this.#config.host(host) ?? this.#config).values(loginOptions),
      onFault: (error) => this.#log.error("login-failed", { error }),
      primitives: quickPrimitives,
      clock: { now: this.clock.now, sleep: async () => undefined },
    });
  }

  #note(line: string): void {
    this.events.push(line);
    if (line.includes('"level":"error"')) this.errors.push(line);
  }

  async start(): Promise<void> {
    const { clock, storage, router, authentication, clients, trace } = this;
    const parts = {
      ...{ clock, storage, router, authentication, clients, trace, config: this.#config, log: this.#log },
      metrics: new MetricsRegistry(),
      extensions: this.#play.extensions ?? allExtensions,
      onFailure: (error: unknown) => this.#log.error("storage-failed", { error }),
    };
    for (const host of this.#config.hosts) this.#hosts.push(await startHost(host, parts));
    new AccountWatch(router, authentication.accounts);
    clients.start();
    this.components.start();
  }

  async stop(): Promise<void> {
    for (const host of this.#hosts) host.sayFarewell();
    await this.clients.stop();
    await this.components.stop();
    for (const host of this.#hosts) await host.stop();
    await this.storage.close();
    assert.deepEqual(this.errors, []);
  }

  /** A connection on which nothing has been said. */
  connect(connection: FakeConnection = {}, host = this.#host()): Client {
    const client = new Client(host, connection);
    this.#cast.push(client);
    this.clients.accept(client.transport);
    return client;
  }

  /** A connection to the listener of components on which nothing has been said. */
  connectComponent(domain: string): ExternalComponent {
    const component = new ExternalComponent(domain);
    this.components.accept(component.transport);
    return component;
  }

  /** A component that has proved to know its secret, which is the domain unless said. */
  async component(domain: string, secret = domain): Promise<ExternalComponent> {
    const component = this.connectComponent(domain);
    component.opens();
    await component.proves(secret);
    return component;
  }

  /** Makes an account. The password is the name unless said. */
  async account(user: string, password = user, host = this.#host()): Promise<void> {
    await this.authentication.accounts.create({ host, user }, password);
  }

  /** A user who has logged in and bound the resource; has no presence yet. The account is made when there is none. */
  async login(user: string, resource = "orchard", host = this.#host()): Promise<Client> {
    if ((await this.storage.accounts.get({ host, user })) === undefined) await this.account(user, user, host);
    const client = this.connect({}, host);
    await client.opensStream();
    await client.authenticates(user, user);
    await client.binds(resource);
    return client;
  }

  /** The same, with presence. */
  async enter(user: string, resource?: string, host?: string): Promise<Client> {
    const client = await this.login(user, resource, host);
    await client.becomesAvailable();
    return client;
  }

  /** Makes both see each other's presence. Their accounts are made, and must not have been used yet. */
  async befriend(user: string, other: string, host = this.#host()): Promise<void> {
    for (const [one, another] of [[user, other] as const, [other, user] as const]) {
      if ((await this.storage.accounts.get({ host, user: one })) === undefined) await this.account(one, one, host);
      const state = { name: "", subscription: "both", isAsking: false, isApproved: false, groups: [] } as const;
      await this.storage.roster.put({ host, user: one }, { ...state, jid: `${another}@${host}`, version: 1 });
    }
  }

  /** Resolves when all that has been sent so far has been handled, by storage too. */
  async settle(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      const present = this.#cast.filter(({ hasEnded, jid }) => !hasEnded && jid !== "");
      await Promise.all(present.map((client) => client.makesRoundTrip()));
      await this.storage.hostValues.get("", "", "");
    }
  }

  /** Proves by a round trip of everybody that nothing more has come to these. */
  async receiveNothing(...clients: readonly Client[]): Promise<void> {
    await this.settle();
    for (const { jid, unexpected } of clients) assert.deepEqual(unexpected.map(String), [], `came to ${jid}`);
  }

  #host(): string {
    return this.#play.hosts?.[0] ?? "verona.example";
  }
}
