// Who is really there when a trusted reverse proxy stands between (X-Forwarded-For).
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { AddressSet, withoutMapping } from "./addresses.js";

export class TrustedProxies {
  readonly #trusted: AddressSet;

  /** `networks`: addresses of proxies whose headers are believed. Throws RangeError for what is no address. */
  constructor(networks: readonly string[]) {
    this.#trusted = new AddressSet(networks);
  }

  isTrusted(address: string): boolean {
    return this.#trusted.has(address);
  }

  /** The last address on the way that is no trusted proxy: what stands before it, anybody can have written. */
  clientAddress(request: IncomingMessage): string {
    let address = withoutMapping(request.socket.remoteAddress ?? "");
    const way = forwardedFor(request).reverse();
    for (const hop of way) {
      if (!this.isTrusted(address) || isIP(hop) === 0) return address;
      address = hop;
    }
    return address;
  }

  /** True when a trusted proxy says that the client's connection to it is encrypted. */
  isForwardedFromTls(request: IncomingMessage): boolean {
    const scheme = request.headers["x-forwarded-proto"];
    return this.isTrusted(request.socket.remoteAddress ?? "") && (scheme === "https" || scheme === "wss");
  }
}

function forwardedFor(request: IncomingMessage): string[] {
  const header = request.headers["x-forwarded-for"];
  const line = Array.isArray(header) ? header.join(",") : (header ?? "");
  return line
    .split(",")
    .slice(-16) // no honest way is longer
    .map((hop) => withoutMapping(hop.trim().replace(/^\[(.*)\](?::\d+)?$|^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1$2")))
    .filter((hop) => hop !== "");
}
