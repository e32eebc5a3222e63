// A place where a server of some domain listens.
import { isIP, isIPv4, isIPv6 } from "node:net";
import { domainToASCII } from "node:url";

export interface Target {
  /** A name in ASCII without a final dot, or an address (IPv6 without brackets). */
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (XEP-0368), not STARTTLS. */
  readonly isDirectTls: boolean;
  /** From SRV records, the domain's own address (RFC 6120 §3.2.2), or the operator. */
  readonly source: "srv" | "address" | "configured";
}

/** RFC 6120 §14.7. */
export const serverPort = 5269;
/** No number is assigned to direct TLS; this is the one that is used. */
const directTlsPort = 5270;
/** RFC 1035 §2.3.4: 255 on the wire. */
const longestName = 253;

/**
 * What an operator writes: `host`, `host:5269`, `192.0.2.1`, `[::1]:5269`, `tls:host:5270`. Without a port it is 5269, and 5270
 * after `tls:`.
 * @returns undefined for anything else
 */
export function parseTarget(text: string): Target | undefined {
  const isDirectTls = text.startsWith("tls:");
  const [, bracketed, plain, digits] =
    /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(isDirectTls ? text.slice(4) : text) ?? [];
  const host = bracketed === undefined ? hostIn(plain ?? "") : isIPv6(bracketed) ? bracketed : undefined;
  const port = Number(digits ?? (isDirectTls ? directTlsPort : serverPort));
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return { host, port, isDirectTls, source: "configured" };
}

function hostIn(text: string): string | undefined {
  const name = asciiName(text);
  // A name never ends in a number: `10.0.0`, or `tls:5270`, is a mistake.
  return name === undefined || (!isIPv4(name) && /(?:^|\.)\d+$/.test(name)) ? undefined : name;
}

/** The address that a domain is itself: `192.0.2.1`, `[2001:db8::1]`, without brackets. */
export function addressIn(domain: string): string | undefined {
  const address = domain.replace(/^\[(.*)\]$/, "$1");
  return isIP(address) === 0 ? undefined : address;
}

/** The name as DNS sees it, in small letters without a final dot; undefined if it can't be one. */
export function asciiName(name: string): string | undefined {
  // ASCII stays as it is: domainToASCII would take `127.1` for an address.
  const ascii = /^[\0-\x7f]*$/.test(name) ? name.toLowerCase() : domainToASCII(name);
  const plain = ascii.endsWith(".") ? ascii.slice(0, -1) : ascii;
  return isHostName(plain) ? plain : undefined;
}

/** Letters, digits, hyphens, and the underscore that some zones have. */
export function isHostName(name: string): boolean {
  return name.length <= longestName && /^[-_0-9a-z]{1,63}(?:\.[-_0-9a-z]{1,63})*$/i.test(name);
}
