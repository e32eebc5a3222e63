// The world around a server under test: names that it can look up, an authority that it trusts, and the gates of its peers.
import type { Connection } from "../client/connection.js";
import { Authority } from "./authority.js";
import { Gate } from "./gate.js";
import { NameServer } from "./name-server.js";

/** What a scene says of one of its servers. */
export interface PeerWish {
  readonly domain: string;
  /** How it can be found: `starttls`, `tls` (only as `_xmpps-server`, XEP-0368), `refused` (nobody listens there), `none`. */
  readonly found: string;
}

/** A server of the suite: its domain, and where it listens. */
export interface Peer {
  readonly domain: string;
  readonly gate: Gate;
  /** Streams of the server under test on which a key was verified, and that nobody has used since. */
  readonly parked: { readonly connection: Connection; readonly isProved: boolean }[];
}

/** Lives as long as the server under test. */
export class World {
  readonly authority = new Authority();

  private constructor(readonly names: NameServer) {}

  static async start(): Promise<World> {
    return new World(await NameServer.start());
  }

  async stop(): Promise<void> {
    await this.names.stop();
  }

  /** Opens a gate for the domain and tells its name. */
  async enter({ domain, found }: PeerWish): Promise<Peer> {
    const gate = await Gate.open(found === "tls");
    const service = found === "tls" ? "_xmpps-server._tcp" : "_xmpp-server._tcp";
    if (found !== "none") this.names.add(domain, { name: service, port: gate.port });
    if (found === "refused") await gate.close();
    return { domain, gate, parked: [] };
  }

  async leave({ domain, gate, parked }: Peer): Promise<void> {
    for (const { connection } of parked) connection.close();
    this.names.remove(domain);
    await gate.close();
  }
}
