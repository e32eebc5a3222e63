// How an operator writes where another server, or a DNS server, is to be found.
import { isIP, isIPv4, isIPv6 } from "node:net";
import { prepareHostName } from "../config/host-name.js";
import { kind, OptionError, type Kind } from "../config/option.js";

/** "host:port" for STARTTLS, "tls:host:port" for TLS from the first byte; IPv6 addresses stand in brackets. */
export const target: Kind<string> = rule(
  'target such as "10.0.0.1:5269", "[2001:db8::1]:5269" or "tls:xmpp.mantua.example:5270"',
  (text) => {
    const [, address, name, port] = /^(?:tls:)?(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d+)$/.exec(text) ?? [];
    const isHost = name === undefined ? isIPv6(address ?? "") : isIPv4(name) || prepareHostName(name) !== undefined;
    return isHost && isPort(port);
  },
);

/** An IP address, with a port or for port 53. */
export const dnsServer: Kind<string> = rule(
  'address of a DNS server such as "127.0.0.1", "127.0.0.1:5353" or "[::1]:5353"',
  (text) => {
    if (isIP(text) !== 0) return true;
    const [, ipv6, ipv4, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text) ?? [];
    return (ipv6 === undefined ? isIPv4(ipv4 ?? "") : isIPv6(ipv6)) && isPort(port);
  },
);

function isPort(digits: string | undefined): boolean {
  return digits !== undefined && digits.length <= 5 && Number(digits) >= 1 && Number(digits) <= 65_535;
}

function rule(type: string, isAllowed: (text: string) => boolean): Kind<string> {
  return {
    ...kind.string(),
    type,
    read(value) {
      if (typeof value === "string" && isAllowed(value)) return value;
      throw new OptionError(type);
    },
  };
}
