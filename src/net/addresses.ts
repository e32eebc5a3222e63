// Network addresses: sets of them, and which of them count as one peer.
import { BlockList, isIP, isIPv4 } from "node:net";

/** A set of addresses written as `127.0.0.1`, `10.0.0.0/8`, `::1` or `2001:db8::/32`. */
export class AddressSet {
  readonly #list = new BlockList();

  /** Throws RangeError with the entry that is none of these. */
  constructor(entries: readonly string[]) {
    for (const entry of entries) this.#add(entry);
  }

  has(address: string): boolean {
    const plain = withoutMapping(address);
    const family = isIP(plain);
    return family !== 0 && this.#list.check(plain, family === 4 ? "ipv4" : "ipv6");
  }

  #add(entry: string): void {
    const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
    const family = isIP(address);
    const most = family === 4 ? 32 : 128;
    if (family === 0 || Number(bits ?? 0) > most) {
      throw new RangeError(`"${entry}" is neither an address nor a network such as 10.0.0.0/8`);
    }
    this.#list.addSubnet(address, Number(bits ?? most), family === 4 ? "ipv4" : "ipv6");
  }
}

export const loopback: readonly string[] = ["127.0.0.0/8", "::1"];

/** IPv4 inside IPv6 (`::ffff:192.0.2.1`), as dual-stack sockets give it, is IPv4. */
export function withoutMapping(address: string): string {
  const plain = address.replace(/^::ffff:/i, "");
  return isIPv4(plain) ? plain : address;
}

/** What counts as one peer: an IPv4 address, or an IPv6 /64, which is what one customer gets at the least. */
export function peerPrefix(address: string): string {
  const plain = withoutMapping(address).replace(/%.*$/, "");
  if (!plain.includes(":")) return plain;
  const [head = "", tail] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(Math.max(0, missing)).fill("0"), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}

/** Both families in turn, IPv6 first, each in the order given (RFC 8305 §4). */
export function interlaced(addresses: readonly string[]): string[] {
  const six = addresses.filter((address) => address.includes(":"));
  const four = addresses.filter((address) => !address.includes(":"));
  const longer = Math.max(six.length, four.length);
  return Array.from({ length: longer }, (_, place) => [
    ...six.slice(place, place + 1),
    ...four.slice(place, place + 1),
  ]).flat();
}
