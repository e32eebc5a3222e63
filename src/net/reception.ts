// What listeners are given, and what they are from outside.
import type { Admission } from "./admission.js";
import type { CertificateStore } from "./certificates.js";
import type { ListeningPlace } from "./listening.js";
import type { Transport } from "./transport.js";

/** What every listener is given. */
export interface Reception {
  readonly certificates: CertificateStore;
  readonly admission: Admission;
  /** A connection is there (and in TLS, on a direct TLS listener). Must call its listen() before it returns. */
  accepted(transport: Transport): void;
  /** A TLS handshake failed; the connection is closed. For logs and metrics. */
  handshakeFailed(error: Error, remoteAddress: string): void;
  /** A route threw; the client got status 500. For logs. */
  requestFailed(error: unknown, path: string): void;
  /** A listener could not take a connection (the process has no file descriptor left); it goes on. For logs. */
  listenerFailed?(error: Error, place: ListeningPlace): void;
  /** True when `host` offers SASL EXTERNAL; undefined: when any host does. Only then are certificates asked for. */
  isClientCertificateWanted(host: string | undefined): boolean;
}

export interface Listener {
  readonly type: string;
  readonly address: string;
  readonly port: number;
  /** Stops accepting. Connections that stand are left to the stream layer. */
  stop(): Promise<void>;
}
