// [[listeners]]: what the server listens on.
import { isIP } from "node:net";
import { kind, option, OptionError, type Kind, type ValuesOf } from "./option.js";

export const LISTENER_TYPES = ["c2s", "c2s-tls", "s2s", "s2s-tls", "component", "https", "http", "metrics"] as const;
export type ListenerType = (typeof LISTENER_TYPES)[number];

/** Ports that are used unless others are configured. */
const PORTS: Readonly<Record<ListenerType, number>> = {
  c2s: 5222,
  "c2s-tls": 5223,
  s2s: 5269,
  "s2s-tls": 5270,
  component: 5347,
  https: 5443,
  http: 5280,
  metrics: 9090,
};

const LOOPBACK: readonly string[] = ["127.0.0.1", "::1"];
/** What is spoken there in clear, so that it stays on this machine unless the operator says otherwise. */
const ON_LOOPBACK: ReadonlySet<ListenerType> = new Set(["component", "http", "metrics"]);

const ipAddress: Kind<string> = {
  ...kind.string(),
  type: `IP address such as "127.0.0.1", "0.0.0.0" or "::"`,
  read(value) {
    if (typeof value === "string" && isIP(value) !== 0) return value;
    throw new OptionError(this.type);
  },
};

/** Addresses of listeners that have none of their own. */
export const addressesOption = option.list(
  ipAddress,
  ["0.0.0.0", "::"],
  "Addresses to listen on, for listeners that don't say otherwise; component, http and metrics stay on loopback.",
);

export const listenerOptions = {
  type: option.required(
    kind.choice(LISTENER_TYPES),
    "What is spoken there: c2s (clients, STARTTLS), c2s-tls (clients, TLS from the first byte), s2s and s2s-tls (other servers, likewise), component (gateways and other services, in clear), https and http (WebSocket and web), metrics (Prometheus and health, in clear).", // prettier-ignore
    "c2s",
  ),
  addresses: option.optional(kind.list(ipAddress), "IPv4 and IPv6 addresses to listen on.", '["0.0.0.0", "::"]'),
  port: option.optional(kind.integer({ min: 0, max: 65_535 }), "TCP port; 0 takes any free one.", "5222"),
  trusted: option.boolean(
    false,
    "Treat connections in clear as if they were encrypted: only for loopback or behind a proxy that ends TLS.",
  ),
};

/** One listener, complete. */
export interface ListenerSettings {
  readonly type: ListenerType;
  readonly addresses: readonly string[];
  readonly port: number;
  /** Clear text on it is declared as good as encrypted. */
  readonly trusted: boolean;
}

/** Fills what the table leaves out. */
export function completeListener(
  values: Pick<ListenerSettings, "type"> & Partial<ValuesOf<typeof listenerOptions>>,
  addresses: readonly string[],
): ListenerSettings {
  const { type } = values;
  const usual = ON_LOOPBACK.has(type) ? LOOPBACK : addresses;
  return Object.freeze({
    type,
    addresses: values.addresses ?? usual,
    port: values.port ?? PORTS[type],
    trusted: values.trusted ?? false,
  });
}

/** What is listened on when the file has no [[listeners]]. */
export function usualListeners(addresses: readonly string[]): readonly ListenerSettings[] {
  const types = ["c2s", "c2s-tls", "s2s", "s2s-tls", "https", "metrics"] as const;
  return types.map((type) => completeListener({ type }, addresses));
}
