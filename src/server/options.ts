// Options of the server as a whole, and the list of all sections of the configuration.
import { loginOptions } from "../auth/section.js";
import { accountOptions, clientOptions } from "../c2s/options.js";
import { componentOptions } from "../component/options.js";
import { kind, option, section, type KeyedSection, type Options, type Section } from "../config/option.js";
import { logSection } from "../observability/log-output.js";
import { dnsOptions, federationOptions, peerOptions, serverOptions } from "../s2s/options.js";

export const tlsOptions = section("tls", "Encryption.", {
  client_authorities: option.optional(
    kind.string(),
    "File with the certificates (PEM) of authorities that sign users' certificates, for the mechanism EXTERNAL.",
    '"/etc/rookery/users-ca.pem"',
  ),
  check_certificates: option.duration("1h", "How often certificate files are looked at for a renewal.", {
    min: "1s",
    max: "30d",
  }),
});

export const connectionOptions = section("connections", "Who may connect, before anybody has logged in.", {
  total: option.integer(100_000, "Connections at one time.", { min: 1 }),
  per_address: option.integer(1000, "Connections at one time from one IPv4 address or IPv6 /64.", { min: 1 }),
  rate: option.integer(50, "New connections a second from one address, in the long run.", { min: 1 }),
  burst: option.integer(1000, "New connections from one address at once, before `rate` counts.", { min: 1 }),
  exempt: option.list(
    kind.string(),
    ["127.0.0.0/8", "::1"],
    "Networks to which only `total` applies: where proxies run.",
  ),
});

export const webOptions = section("web", "HTTP and WebSocket.", {
  websocket_path: option.string("/xmpp-websocket", "Path of the WebSocket.", { pattern: /^\/\S*$/ }),
  origins: option.list(
    kind.string(),
    [],
    'Web pages that may open WebSockets, as "https://chat.example.org"; all when the list is empty.',
  ),
  trusted_proxies: option.list(kind.string(), [], "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."),
});

/** Every section there is; extensions declare theirs themselves. */
export const sections: readonly Section<Options>[] = [
  logSection,
  clientOptions,
  connectionOptions,
  webOptions,
  tlsOptions,
  loginOptions,
  accountOptions,
  federationOptions,
  serverOptions,
  dnsOptions,
];

/** Every kind of tables with keys of the operator's. */
export const keyed: readonly KeyedSection<Options>[] = [peerOptions, componentOptions];
