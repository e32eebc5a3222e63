// Opens the configured listeners, each on all of its addresses.
import { networkInterfaces } from "node:os";
import type { ClientService } from "../c2s/service.js";
import type { Config } from "../config/config.js";
import type { ListenerSettings, ListenerType } from "../config/listener.js";
import { Admission } from "../net/admission.js";
import type { Audience, CertificateStore } from "../net/certificates.js";
import { hostMetaRoutes, websocketRelation } from "../net/host-meta.js";
import { openHttpListener } from "../net/http-listener.js";
import type { Listener, Reception } from "../net/reception.js";
import { openTcpListener } from "../net/tcp-listener.js";
import type { Transport } from "../net/transport.js";
import type { Log } from "../observability/log.js";
import type { Metrics } from "../observability/metrics.js";
import { loginOptions } from "../auth/section.js";
import { connectionOptions, webOptions } from "./options.js";

export interface ListenersParts {
  readonly config: Config;
  readonly certificates: CertificateStore;
  readonly clients: ClientService;
  readonly components: Acceptor;
  /** Takes connections of other servers; without it, their listeners stay closed. */
  readonly federation?: Acceptor;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Takes connections on which nothing has been said. */
export interface Acceptor {
  accept(transport: Transport): void;
}

/** What streams over TCP are spoken on. */
type StreamType = Exclude<ListenerType, "http" | "https" | "metrics">;

/** Opens all, or none: throws ListenError when one can't be opened. The metrics port is not among them. */
export async function openListeners(parts: ListenersParts): Promise<readonly Listener[]> {
  const reception = makeReception(parts);
  const open: Listener[] = [];
  try {
    for (const settings of parts.config.listeners) {
      for (const address of usableAddresses(settings, parts.log)) {
        const listener = await openListener(settings, address, parts, reception, open);
        if (listener !== undefined) open.push(listener);
      }
    }
  } catch (error) {
    await Promise.all(open.map((listener) => listener.stop()));
    throw error;
  }
  return open;
}

/**
 * The addresses that this machine can listen on: where it has no IPv6, a listener that has IPv4 addresses as well does
 * without, for that is what the usual addresses are.
 */
export function usableAddresses({ type, addresses }: ListenerSettings, log: Log): readonly string[] {
  const ipv4 = addresses.filter((address) => !address.includes(":"));
  if (ipv4.length === 0 || ipv4.length === addresses.length || hasIpv6()) return addresses;
  log.warn("no-ipv6", { listener: type, left: ipv4 });
  return ipv4;
}

function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((each) => each?.some(({ family }) => family === "IPv6"));
}

function makeReception({ config, certificates, clients, log, metrics }: ListenersParts): Reception {
  const { total, per_address: perAddress, rate, burst, exempt } = config.values(connectionOptions);
  const admission = new Admission({ total, perAddress, rate, burst, exempt });
  const failed = metrics.counter("tls_handshakes_failed_total", "TLS handshakes that failed.");
  metrics.gaugeOf("connections", "Open connections.", () => admission.open);
  for (const reason of ["total", "per-address", "rate"] as const) {
    metrics.gaugeOf("connections_refused", "Connections refused.", () => admission.refused[reason], { reason });
  }
  const offersExternal = config.hosts
    .filter((host) => host.values(loginOptions).mechanisms.includes("EXTERNAL"))
    .map(({ domain }) => domain);
  return {
    certificates,
    admission,
    accepted: (transport) => clients.accept(transport),
    handshakeFailed: (error, address) => {
      failed.increment();
      log.debug("tls-failed", { address, error });
    },
    listenerFailed: (error, { type, address, port }) => log.error("listener-failed", { type, address, port, error }),
    requestFailed: (error, path) => log.error("http-failed", { path, error }),
    isClientCertificateWanted: (host) =>
      host === undefined ? offersExternal.length > 0 : offersExternal.includes(host),
  };
}

/** `others`: those that are open already; a port 0 is given by the system and used for all addresses of the listener. */
async function openListener(
  settings: ListenerSettings,
  address: string,
  parts: ListenersParts,
  reception: Reception,
  others: readonly Listener[],
): Promise<Listener | undefined> {
  const { type, trusted: isTrusted } = settings;
  // "::" takes IPv4 as well unless told not to, and then collides with "0.0.0.0"
  const place = { address, port: settings.port, isIpv6Only: address.includes(":") };
  if (type === "metrics") return undefined;
  if (type !== "http" && type !== "https") {
    const own = receptionOf(type, parts, reception);
    return own === undefined
      ? undefined
      : openTcpListener({ ...place, type, isTrusted, audience: audienceOf(type) }, own);
  }
  const web = parts.config.values(webOptions);
  const webSocket = {
    path: web.websocket_path,
    maxFrame: parts.clients.options.stanza_size,
    isTrusted,
    ...(web.origins.length === 0 ? {} : { origins: web.origins }),
  };
  const routes = hostMetaRoutes((host) => linksOf(host, parts.config, web.websocket_path, others));
  return openHttpListener({ ...place, type, routes, webSocket, trustedProxies: web.trusted_proxies }, reception);
}

function audienceOf(type: StreamType): Audience {
  return type === "s2s" || type === "s2s-tls" ? "servers" : "clients";
}

/** Who takes the connections. Every server is asked for its certificate (XEP-0178 §3), and no component, for there is no TLS. */
function receptionOf(type: StreamType, parts: ListenersParts, clients: Reception): Reception | undefined {
  if (type === "c2s" || type === "c2s-tls") return clients;
  const acceptor = type === "component" ? parts.components : parts.federation;
  if (acceptor === undefined) return undefined;
  return {
    ...clients,
    accepted: (transport) => acceptor.accept(transport),
    isClientCertificateWanted: () => type !== "component",
  };
}

function linksOf(
  host: string,
  config: Config,
  path: string,
  listeners: readonly Listener[],
): { rel: string; href: string }[] | undefined {
  if (config.host(host) === undefined) return undefined;
  const secure = listeners.find(({ type }) => type === "https");
  return secure === undefined ? [] : [{ rel: websocketRelation, href: `wss://${host}:${secure.port}${path}` }];
}
