// What the federation's servers have in common, whatever program they are.
import type { Program } from "../../support/program.js";

export type Kind = "rookery" | "prosody" | "ejabberd";

/** How a server is to federate. */
export interface Manner {
  /** How others reach it, and it them: STARTTLS on 5269, or TLS from the first byte on 5270 (XEP-0368). */
  readonly road: "STARTTLS" | "direct TLS";
  /** What proves who a server is: a certificate by EXTERNAL (XEP-0178), or dialback over TLS (XEP-0220). */
  readonly proof: "certificate" | "dialback";
  /** One stream for both directions (XEP-0288). ejabberd knows no such thing. */
  readonly isBidirectional: boolean;
  /** XEP-0198 between servers. ejabberd knows no such thing. */
  readonly hasStreamManagement: boolean;
}

/** All that a server is started with. */
export interface Setting {
  readonly manner: Manner;
  /** How long a stanza may wait for a peer that cannot be reached, where a server lets stanzas wait at all. */
  readonly queueSeconds: number;
  /** What it serves. */
  readonly domains: readonly string[];
  /** Loopback address of its own. */
  readonly address: string;
  readonly nameServer: { readonly address: string; readonly port: number };
  /** Folder for its configuration, data and logs; in it are `authorities.pem` and, for each domain, `certs/DOMAIN.crt` and `.key`. */
  readonly folder: string;
}

/** How one kind of server is started. */
export interface Starter {
  readonly kind: Kind;
  /** Writes the configuration, once. */
  prepare(setting: Setting): Promise<void>;
  /** Starts the program; resolves when it takes connections from clients and servers. */
  start(setting: Setting): Promise<Program>;
  /** What its log says when a peer has proved to be `domain`, by the proof of the manner. */
  proved(domain: string, proof: Manner["proof"]): RegExp;
  /** What its log says when the stream on which it sends to a domain has ended. */
  lost(from: string, to: string): RegExp;
}

/** How long servers wait for one another before they give up a connection. */
export const PATIENCE_SECONDS = 5;

export const PORTS = { client: 5222, server: 5269, serverTls: 5270 } as const;
