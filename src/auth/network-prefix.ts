// Where an address comes from, as coarsely as throttling looks at it.
import { isIPv4, isIPv6 } from "node:net";

/**
 * The network that an address is counted under: an IPv4 /24, an IPv6 /56.
 *
 * IPv6: one customer has at the least a /64 and by RIPE-690 a /56 or /48, all of whose addresses are free to use; /64
 * would hand an attacker 256 budgets and more. IPv4: whole /24s are rented by the hour, and dynamic addresses mostly
 * change within one, so that a user stays recognisable. The neighbours that share it lose nothing by that: what they
 * share is only a loose budget (see throttle-limits.ts).
 */
export function networkPrefix(address: string): string {
  const plain = address.replace(/%.*$/, "").toLowerCase();
  if (isIPv4(plain)) return `${plain.slice(0, plain.lastIndexOf("."))}.0/24`;
  if (!isIPv6(plain)) return plain;
  const groups = expand(plain);
  const [mapped] = /\d+\.\d+\.\d+\.\d+$/.exec(dotted(groups)) ?? [];
  if (mapped !== undefined) return networkPrefix(mapped);
  const [first = 0, second = 0, third = 0, fourth = 0] = groups;
  return `${[first, second, third, fourth & 0xff00].map((group) => group.toString(16)).join(":")}::/56`;
}

/** Addresses of this machine itself: a proxy, a tunnel, a bridge. Many people may stand behind one of them. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, "");
  return plain === "" || plain === "::1" || (isIPv4(plain) && plain.startsWith("127."));
}

/** The eight groups of an IPv6 address (RFC 4291 §2.2). */
function expand(address: string): readonly number[] {
  const hexadecimal = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...octets) => {
    const [a = 0, b = 0, c = 0, d = 0] = octets.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = "", tail] = hexadecimal.split("::");
  const parse = (part: string) => (part === "" ? [] : part.split(":").map((group) => parseInt(group, 16)));
  const [front, back] = [parse(head), parse(tail ?? "")];
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}

/** The IPv4 address within ::ffff:0:0/96 (RFC 4291 §2.5.5.2), else "". */
function dotted(groups: readonly number[]): string {
  const [seventh = 0, eighth = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return isMapped ? [seventh >> 8, seventh & 255, eighth >> 8, eighth & 255].join(".") : "";
}
