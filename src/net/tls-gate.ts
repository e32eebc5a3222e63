// Takes accepted sockets into TLS: one gate for direct TLS and one a host for STARTTLS.
import type { Socket } from "node:net";
import { createServer, type SecureContext, type Server, type TLSSocket } from "node:tls";
import type { CertificateStore } from "./certificates.js";

export interface TlsGateOptions {
  readonly certificates: CertificateStore;
  /** Whose certificate is shown when SNI names none that we have; undefined: the first one. */
  readonly host: string | undefined;
  /** Protocols that we speak (RFC 7301); undefined: whatever the client offers is let pass. */
  readonly protocols?: readonly string[];
  /** Asks for a certificate, without insisting, for SASL EXTERNAL (XEP-0178). */
  readonly isClientCertificateWanted: boolean;
  /** Milliseconds from the first byte to the finished handshake. */
  readonly handshakeTimeout: number;
}

interface Waiter {
  readonly resolve: (socket: TLSSocket) => void;
  readonly reject: (error: Error) => void;
}

export class TlsGate {
  // Never listens: it is handed connections, which node:tls documents for its event "connection".
  readonly #server: Server;
  readonly #waiting = new Map<string, Waiter>();
  readonly #forget: () => void;

  constructor({ certificates, host, protocols, isClientCertificateWanted, handshakeTimeout }: TlsGateOptions) {
    this.#server = createServer({
      ...certificates.optionsFor(host),
      ...(protocols === undefined ? {} : { ALPNProtocols: [...protocols] }),
      SNICallback: chooseFrom(certificates),
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
    this.#forget = certificates.onReload(() => this.#server.setSecureContext(certificates.optionsFor(host)));
  }

  /** Rejects, with the connection closed, when the handshake fails, takes too long, or the peer goes away. */
  secure(socket: Socket): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      const name = nameOf(socket);
      socket.allowHalfOpen = false; // a peer that goes away during the handshake is gone
      this.#waiting.set(name, { resolve, reject });
      socket.once("close", () => {
        this.#waiting.delete(name);
        reject(new Error("the peer went away during the TLS handshake"));
      });
      this.#server.emit("connection", socket);
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
    return waiter;
  }
}

/** What node:tls calls for every client that sends SNI. Unknown names get the default (RFC 6066 §3 allows it). */
export function chooseFrom(certificates: CertificateStore) {
  return (name: string, done: (error: Error | null, context?: SecureContext) => void): void =>
    done(null, certificates.contextFor(name));
}

/** A TLS socket and the socket under it share what no two live connections share. */
function nameOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
