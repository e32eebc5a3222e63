// [[listeners]]: what the server listens on.
import { isIP } from "node:net";
import { kind, option, OptionError, type Kind, type ValuesOf } from "./option.js";

export const LISTENER_TYPES = ["c2s", "c2s-tls", "https", "http", "metrics"] as const;
export type ListenerType = (typeof LISTENER_TYPES)[number];

/** Ports that are used unless others are configured. */
const PORTS: Readonly<Record<ListenerType, number>> = {
  c2s: 5222,
  "c2s-tls": 5223,
  https: 5443,
  http: 5280,
  metrics: 9090,
};

const LOOPBACK: readonly string[] = ["127.0.0.1", "::1"];

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
  "Addresses to listen on, for listeners that don't say otherwise; metrics and http stay on loopback.",
);

export const listenerOptions = {
  type: option.optional(
    kind.choice(LISTENER_TYPES),
    "What is spoken there: c2s (clients, STARTTLS), c2s-tls (clients, TLS from the first byte), https and http (WebSocket and web), metrics (Prometheus and health, in clear).", // prettier-ignore
    '"c2s"',
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

/** Fills what the table leaves out; undefined without a type. */
export function completeListener(
  values: Partial<ValuesOf<typeof listenerOptions>>,
  addresses: readonly string[],
): ListenerSettings | undefined {
  const { type } = values;
  if (type === undefined) return undefined;
  const usual = type === "metrics" || type === "http" ? LOOPBACK : addresses;
  return Object.freeze({
    type,
    addresses: values.addresses ?? usual,
    port: values.port ?? PORTS[type],
    trusted: values.trusted ?? false,
  });
}

/** What is listened on when the file has no [[listeners]]. */
export function usualListeners(addresses: readonly string[]): readonly ListenerSettings[] {
  const types = ["c2s", "c2s-tls", "https", "metrics"] as const;
  return types.flatMap((type) => completeListener({ type }, addresses) ?? []);
}
