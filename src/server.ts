// The one place where the parts of the server are put together, started, reloaded and stopped.
import { join } from "node:path";
import { createAuthentication, type Authentication } from "./auth/authentication.js";
import { loginOptions } from "./auth/section.js";
import { clientOptions } from "./c2s/options.js";
import { componentOptions } from "./component/options.js";
import { ComponentService } from "./component/service.js";
import { ClientService } from "./c2s/service.js";
import type { Config } from "./config/config.js";
import { readOrCreateSecrets } from "./config/secrets.js";
import type { Clock as LoginClock } from "./auth/throttle.js";
import type { Clock } from "./extension/clock.js";
import type { Extension } from "./extension/declaration.js";
import { AddressSet } from "./net/addresses.js";
import type { CertificateStore } from "./net/certificates.js";
import type { Listener } from "./net/reception.js";
import { Health } from "./observability/health.js";
import type { Log } from "./observability/log.js";
import { addProcessMetrics } from "./observability/process-metrics.js";
import { MetricsRegistry } from "./observability/metrics.js";
import { type MetricsServer, serveMetrics } from "./observability/metrics-server.js";
import { Trace } from "./observability/trace.js";
import { Router } from "./routing/router.js";
import type { Federation } from "./s2s/federation.js";
import { AccountWatch } from "./server/account-watch.js";
import { certificateSources, openCertificates } from "./server/certificates.js";
import { addFederationMetrics } from "./server/federation-metrics.js";
import { makeFederation } from "./server/federation.js";
import { type RunningHost, startHost } from "./server/hosts.js";
import { openListeners, usableAddresses } from "./server/listeners.js";
import { tlsOptions, webOptions } from "./server/options.js";
import { addComponentMetrics, addTraffic } from "./server/traffic-metrics.js";
import { preparation } from "./auth/jid-preparation.js";
import { sqliteStorage } from "./storage/sqlite/sqlite-storage.js";
import type { Storage } from "./storage/storage.js";

export const databaseName = "rookery.db";

export interface ServerParts {
  readonly config: Config;
  readonly extensions: readonly Extension<unknown>[];
  readonly log: Log;
  readonly clock: Clock;
  /** Instead of the SQLite database in the data directory (tests). */
  readonly storage?: Storage;
  /** By which failed logins are throttled, instead of the system's, which nobody can set back (tests). */
  readonly loginClock?: LoginClock;
  /** Told once when storage has failed and nothing can be promised any more: the process should end. */
  readonly onFailure: (error: unknown) => void;
}

export class Server {
  readonly metrics = new MetricsRegistry();
  readonly health = new Health();
  readonly trace = new Trace();
  readonly router = new Router();
  readonly #parts: ServerParts;
  #config: Config;
  #storage!: Storage;
  #authentication!: Authentication;
  #certificates!: CertificateStore;
  #clients!: ClientService;
  #components!: ComponentService;
  #federation!: Federation;
  #hosts: RunningHost[] = [];
  #listeners: readonly Listener[] = [];
  #metricsServers: MetricsServer[] = [];
  #stopWatching: () => void = () => undefined;

  private constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#config = parts.config;
  }

  /** Starts everything, or rejects with the reason and leaves nothing running. */
  static async start(parts: ServerParts): Promise<Server> {
    const server = new Server(parts);
    try {
      await server.#start();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  get config(): Config {
    return this.#config;
  }

  get authentication(): Authentication {
    return this.#authentication;
  }

  get storage(): Storage {
    return this.#storage;
  }

  get federation(): Federation {
    return this.#federation;
  }

  get clients(): ClientService {
    return this.#clients;
  }

  get components(): ComponentService {
    return this.#components;
  }

  /** What is open, the metrics port included. */
  get listening(): readonly { readonly type: string; readonly address: string; readonly port: number }[] {
    const metrics = this.#metricsServers.flatMap(({ addresses }) =>
      addresses.map(({ address, port }) => ({ type: "metrics", address, port })),
    );
    return [...this.#listeners.map(({ type, address, port }) => ({ type, address, port })), ...metrics];
  }

  /** Takes over what can change while the server runs: certificates, log level. */
  async reload(config: Config): Promise<void> {
    await this.#certificates.reload(await certificateSources(config, this.#parts.clock.now()));
    this.federation.reconfigure(config);
    this.#config = config;
  }

  /** ARCHITECTURE §6: listeners → what extensions have to say → clients → components → federation → extensions → storage. */
  async stop(): Promise<void> {
    this.#stopWatching();
    await Promise.all(this.#listeners.map((listener) => listener.stop()));
    for (const host of this.#hosts) host.sayFarewell();
    await (this.#clients as ClientService | undefined)?.stop();
    await (this.#components as ComponentService | undefined)?.stop();
    await (this.#federation as Federation | undefined)?.stop();
    for (const host of this.#hosts) await host.stop();
    for (const server of this.#metricsServers) await server.close();
    await (this.#storage as Storage | undefined)?.close();
    this.#listeners = this.#hosts = this.#metricsServers = [];
  }

  async #start(): Promise<void> {
    const { config, clock, log, onFailure } = this.#parts;
    const secrets = await readOrCreateSecrets(config.data);
    this.#storage = this.#parts.storage ?? (await sqliteStorage(join(config.data, databaseName)));
    this.#storage.onFailure(onFailure);
    this.#authentication = this.#createAuthentication(secrets.fake_salt);
    this.#certificates = await openCertificates(config, clock.now());
    await this.#makeFederation(secrets.dialback);
    this.#clients = new ClientService(config.values(clientOptions), clock, log);
    this.#components = new ComponentService(config.tables(componentOptions), {
      router: this.router,
      clock,
      log,
      trace: this.trace,
    });
    await this.#startHosts();
    this.#components.start();
    new AccountWatch(this.router, this.#authentication.accounts);
    this.#clients.start();
    await this.federation.start();
    const { metrics, federation } = this;
    const acceptors = { clients: this.#clients, components: this.#components, federation };
    this.#listeners = await openListeners({ config, certificates: this.#certificates, ...acceptors, log, metrics });
    this.federation.begin();
    await this.#watch();
  }

  async #makeFederation(secret: Buffer): Promise<void> {
    const { config, clock, log } = this.#parts;
    const surroundings = {
      router: this.router,
      clock,
      log,
      trace: this.trace,
      certificates: this.#certificates,
      secret,
      storage: this.#storage,
    };
    this.#federation = await makeFederation(config, surroundings);
    this.router.remote = this.#federation;
  }

  #createAuthentication(secret: Buffer): Authentication {
    const { config, log, loginClock } = this.#parts;
    const proxies = new AddressSet(config.values(webOptions).trusted_proxies);
    return createAuthentication({
      accounts: this.#storage.accounts,
      secret,
      preparation,
      isSharedAddress: (address) => proxies.has(address),
      optionsOf: (host) => (this.#config.host(host) ?? config).values(loginOptions),
      onFault: (error) => log.error("login-failed", { error }),
      ...(loginClock === undefined ? {} : { clock: loginClock }),
    });
  }

  async #startHosts(): Promise<void> {
    const { config, clock, log, extensions } = this.#parts;
    const { metrics, trace, router } = this;
    const shared = { storage: this.#storage, authentication: this.#authentication, clients: this.#clients };
    const parts = { config, clock, log, extensions, metrics, trace, router, ...shared };
    for (const host of config.hosts) this.#hosts.push(await startHost(host, parts));
  }

  /** Metrics, health, and the look at certificate files now and then. */
  async #watch(): Promise<void> {
    const { config, clock, log } = this.#parts;
    addProcessMetrics(this.metrics);
    addTraffic(this.metrics, "client_stanzas", "Stanzas from and to clients since the start.", this.#clients.traffic);
    addComponentMetrics(this.metrics, this.#components);
    addFederationMetrics(this.federation, this.metrics);
    this.health.add("storage", async () => {
      await this.#storage.hostValues.get("", "health", "");
      return "answers";
    });
    this.health.add("listeners", async () => `${this.#listeners.length} open`);
    for (const settings of config.listeners) {
      if (settings.type !== "metrics") continue;
      this.#metricsServers.push(await serveMetrics(this, usableAddresses(settings, log), settings.port));
    }
    this.#stopWatching = clock.every(config.values(tlsOptions).check_certificates, () => {
      this.#certificates.reloadIfChanged().catch((error: unknown) => log.error("certificates-not-reloaded", { error }));
    });
  }
}
