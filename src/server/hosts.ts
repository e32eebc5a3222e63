// Puts a virtual host together: accounts in memory, im, extensions, and what client streams need of it.
import type { Authentication } from "../auth/authentication.js";
import { AccountError, type AccountProblem } from "../auth/accounts.js";
import { OverloadError } from "../auth/slow-work.js";
import { accountOptions } from "../c2s/options.js";
import { ClientHost } from "../c2s/client-host.js";
import { serveSessionRequests } from "../c2s/session-request.js";
import type { ClientService } from "../c2s/service.js";
import type { Config, HostConfig } from "../config/config.js";
import type { Clock } from "../extension/clock.js";
import type { Extension } from "../extension/declaration.js";
import type { AccountOperations } from "../extension/services.js";
import { Presences } from "../im/presences.js";
import { serveRosters } from "../im/roster-iq.js";
import { Rosters } from "../im/rosters.js";
import { Subscriptions } from "../im/subscriptions.js";
import { Jid } from "../jid/jid.js";
import type { Log } from "../observability/log.js";
import type { Metrics } from "../observability/metrics.js";
import type { Trace } from "../observability/trace.js";
import { AccountCache } from "../routing/account-cache.js";
import { hostServices } from "../routing/host-services.js";
import { HostTables } from "../routing/host-tables.js";
import { LocalHost } from "../routing/local-host.js";
import type { Router } from "../routing/router.js";
import { hotStores, type RunningExtensions, startExtensions } from "../routing/start-extensions.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Storage } from "../storage/storage.js";
import { software } from "./software.js";

export interface HostParts {
  readonly config: Config;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly trace: Trace;
  readonly router: Router;
  readonly authentication: Authentication;
  readonly clients: ClientService;
  readonly extensions: readonly Extension<unknown>[];
}

export interface RunningHost extends RunningExtensions {
  readonly local: LocalHost;
}

/** Starts the host and makes it reachable for the router and for clients. */
export async function startHost(hostConfig: HostConfig, parts: HostParts): Promise<RunningHost> {
  const { storage, clock, authentication, clients } = parts;
  const extensions = parts.extensions.filter((extension) => hostConfig.extension(extension).isEnabled);
  const limits = hostConfig.values(accountOptions);
  const metrics = parts.metrics.with({ host: hostConfig.domain });
  const local = makeLocalHost(hostConfig, parts, hotStores(extensions));
  const tables = new HostTables();
  const services = hostServices({
    local,
    storage,
    clock,
    offlineQuota: { messages: limits.offline_messages, bytes: limits.offline_size },
    accounts: accountOperations(authentication, hostConfig.domain),
    admins: new Set(hostConfig.admins.map((admin) => Jid.parse(admin))),
    software,
    extensions,
  });
  const running = await startExtensions({
    local,
    tables,
    services,
    clock,
    metrics,
    config: hostConfig,
    storage,
    extensions,
  });
  const failures = (condition: string) =>
    metrics.counter("logins_failed_total", "Attempts to log in that failed.", { condition }).increment();
  const authenticator = authentication.authenticator(hostConfig.domain);
  parts.router.hosts.set(hostConfig.domain, local);
  clients.hosts.set(
    hostConfig.domain,
    new ClientHost(local, authenticator, tables, failures, clients.options.idle_timeout),
  );
  metrics.gaugeOf("sessions", "Clients that have bound a resource.", () => local.sessions.size);
  metrics.gaugeOf("accounts_in_memory", "Accounts whose state is in memory.", () => local.accounts.size);
  return { local, ...running };
}

function makeLocalHost({ domain, values }: HostConfig, parts: HostParts, hot: readonly string[]): LocalHost {
  const { storage, router, trace, log, clock } = parts;
  // Storage that has failed for good stops the server by itself; what comes here concerns one call.
  const onRefused = (error: unknown): void => log.error("storage-refused", { error });
  const limits = values(accountOptions);
  const accounts = new AccountCache(domain, storage, hot, limits.cached, onRefused);
  const own = { jid: Jid.parse(domain), log: log.child({ host: domain }) };
  const local = new LocalHost({ ...own, router, accounts, clock, trace });
  const rosters = new Rosters(storage, limits.roster_items, onRefused);
  local.presences = new Presences(local);
  local.subscriptions = new Subscriptions(local, rosters);
  serveRosters(local, rosters);
  serveSessionRequests(local);
  return local;
}

/** In terms of one host, for its extensions. */
function accountOperations({ accounts }: Authentication, host: string): AccountOperations {
  return {
    create: (user, password) => problemOf(accounts.create({ host, user }, password)),
    setPassword: (user, password) => problemOf(accounts.changePassword({ host, user }, password)),
    remove: (user) => problemOf(accounts.delete({ host, user })),
  };
}

async function problemOf(operation: Promise<void>): Promise<AccountProblem | undefined> {
  try {
    await operation;
    return undefined;
  } catch (error) {
    if (error instanceof AccountError) return error.problem;
    if (error instanceof OverloadError) throw new StanzaError("resource-constraint", { text: error.message });
    throw error;
  }
}
