// The connections between two servers, from Linux's /proc.
import { readFileSync } from "node:fs";

/** An IPv4 address and port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const ESTABLISHED = "01";

/** Established connections to one of `endpoints`, as the calling side sees them; each a text that is its own. */
export function connectionsTo(endpoints: readonly Endpoint[]): string[] {
  const remotes = endpoints.map(hexadecimal);
  const lines = readFileSync("/proc/net/tcp", "latin1").split("\n").slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , remote = "", state]) => state === ESTABLISHED && remotes.includes(remote))
    .map(([, local = "", remote = ""]) => `${local} to ${remote}`);
}

/** As proc(5) writes them on a little-endian machine: 127.0.0.2:5269 is 0200007F:1495. */
function hexadecimal({ host, port }: Endpoint): string {
  const address = Buffer.from(host.split(".").map(Number)).readUInt32LE();
  return [address.toString(16).padStart(8, "0"), port.toString(16).padStart(4, "0")].join(":").toUpperCase();
}
