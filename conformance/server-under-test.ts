// What the runner must know of a server to play scenes against it.
import type { Duplex } from "node:stream";
import type { ComponentDomains } from "./peer/component-domains.js";
import type { World } from "./peer/world.js";

/** An account as the runner made it; the local part is unique to one scene. */
export interface Account {
  readonly localpart: string;
  readonly domain: string;
  readonly password: string;
}

/** What there is of it for other servers. It asks the name server of its world, and trusts the authority there. */
export interface Federation {
  readonly world: World;
  /** TCP port with STARTTLS. */
  readonly port: number;
  /** TCP port with direct TLS (XEP-0368), when there is one. */
  readonly tlsPort?: number;
  /** A second domain that it serves, which `second.localhost` in a scene stands for. */
  readonly secondDomain?: string;
  /** Where external components connect (XEP-0114), when they may. */
  readonly components?: { readonly port: number; readonly secret: string; readonly domains: ComponentDomains };
}

/** A running XMPP server. The runner only talks to it over its ports. */
export interface ServerUnderTest {
  /** Shown in reports, such as `prosody 0.12.3`. */
  readonly name: string;
  /** The domain that `localhost` in a scene stands for. */
  readonly domain: string;
  /** Where the ports are, such as `127.0.0.1`. */
  readonly address: string;
  /** TCP port with STARTTLS. */
  readonly port: number;
  /** TCP port with direct TLS (XEP-0368), when there is one. */
  readonly tlsPort?: number;
  /** `ws:` or `wss:` address (RFC 7395), when there is one. */
  readonly webSocketUrl?: string;
  /** `http:` or `https:` address of what it serves to browsers (XEP-0156), when there is one. */
  readonly httpUrl?: string;
  /** The domain of its rooms (XEP-0045), when it is known, which `rooms.localhost` in a scene stands for. */
  readonly rooms?: string;
  /** When other servers can reach it, and it them. */
  readonly federation?: Federation;
  /** Whether its certificate must be valid for the domain; false for self-signed ones. */
  readonly isCertificateTrusted: boolean;
  /** Instead of TCP: a fresh byte stream to the client port, for tests in one process. */
  connect?(): Duplex;
  createAccount(account: Account): Promise<void>;
  removeAccount(account: Account): Promise<void>;
}
