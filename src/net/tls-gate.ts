// Takes accepted sockets into TLS: one gate for direct TLS and one a host for STARTTLS.
import type { Socket } from "node:net";
import { createServer, type SecureContext, type Server, type TLSSocket } from "node:tls";
import type { Audience, CertificateStore } from "./certificates.js";

export interface TlsGateOptions {
  readonly certificates: CertificateStore;
  /** Whose certificate is shown when SNI names none that we have; undefined: the first one. */
  readonly host: string | undefined;
  /** The protocol that we speak (RFC 7301); undefined: whatever the client offers is let pass. */
  readonly protocol?: string;
  /** Who connects; clients when left out. Sessions of other servers are not resumed. */
  readonly audience?: Audience;
  /** Asks for a certificate, without insisting, for SASL EXTERNAL (XEP-0178). */
  readonly isClientCertificateWanted: boolean;
  /** Milliseconds from the first byte to the finished handshake. */
  readonly handshakeTimeout: number;
}

/** A connection in its handshake. */
interface Waiter {
  readonly clear: Socket;
  /** Listens for the end of `clear`. */
  readonly gone: () => void;
  readonly resolve: (socket: TLSSocket) => void;
  readonly reject: (error: Error) => void;
}

export class TlsGate {
  // Never listens: it is handed connections, which node:tls documents for its event "connection".
  readonly #server: Server;
  readonly #waiting = new Map<string, Waiter>();
  readonly #forget: () => void;

  /** Whose certificate is shown when SNI names none that we have. */
  readonly host: string | undefined;

  constructor(options: TlsGateOptions) {
    const { certificates, host, protocol, audience, isClientCertificateWanted, handshakeTimeout } = options;
    this.host = host;
    this.#server = createServer({
      ...certificates.optionsFor(host, audience),
      // A callback, because of a list node:tls makes a copy for each connection, and keeps it.
      ...(protocol === undefined ? {} : { ALPNCallback: only(protocol) }),
      SNICallback: chooseFrom(certificates, audience),
      requestCert: isClientCertificateWanted,
      rejectUnauthorized: false,
      handshakeTimeout,
    });
    this.#server.on("secureConnection", (socket) => {
      socket.allowHalfOpen = true;
      this.#take(socket)?.resolve(socket);
    });
    this.#server.on("tlsClientError", (error, socket) => {
      this.#take(socket)?.reject(error);
      socket.destroy();
    });
    this.#forget = certificates.onReload(() => this.#server.setSecureContext(certificates.optionsFor(host, audience)));
  }

  /** Rejects, with the connection closed, when the handshake fails, takes too long, or the peer goes away. */
  secure(clear: Socket): Promise<TLSSocket> {
    clear.allowHalfOpen = false; // a peer that goes away during the handshake is gone
    return new Promise((resolve, reject) => {
      const name = nameOf(clear);
      const gone = (): void => {
        this.#waiting.delete(name);
        reject(new Error("the peer went away during the TLS handshake"));
      };
      this.#waiting.set(name, { clear, gone, resolve, reject });
      clear.once("close", gone);
      this.#server.emit("connection", clear);
    });
  }

  /** The gate is no longer told of reloaded certificates. */
  close(): void {
    this.#forget();
  }

  #take(socket: Socket): Waiter | undefined {
    const name = nameOf(socket);
    const waiter = this.#waiting.get(name);
    this.#waiting.delete(name);
    waiter?.clear.off("close", waiter.gone); // or it would stay as long as the connection
    return waiter;
  }
}

/** What node:tls calls for every client that sends SNI. Unknown names get the default (RFC 6066 §3 allows it). */
export function chooseFrom(certificates: CertificateStore, audience: Audience = "clients") {
  return (name: string, done: (error: Error | null, context?: SecureContext) => void): void =>
    done(null, certificates.contextFor(name, audience));
}

/** RFC 7301 §3.2: undefined refuses the client with the alert no_application_protocol. */
function only(protocol: string) {
  return ({ protocols }: { readonly protocols: readonly string[] }): string | undefined =>
    protocols.includes(protocol) ? protocol : undefined;
}

/** A TLS socket and the socket under it share what no two live connections share. */
function nameOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
