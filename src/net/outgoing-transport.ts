// A connection that we opened to another server, as a Transport: startTls(domain) goes on as the client.
import type { Socket } from "node:net";
import { TcpTransport } from "./tcp-transport.js";
import { secureAsClient, type TlsClientOptions } from "./tls-client.js";
import type { TlsFacts } from "./transport.js";

export type OutgoingTlsOptions = Pick<TlsClientOptions, "certificates" | "host" | "timeout">;

/**
 * `socket` is connected; `facts` for one that is in TLS already (secureAsClient). The name given to startTls() is the
 * domain that we want to talk to. That rejects with TlsHandshakeError.
 */
export function outgoingTransport(socket: Socket, options: OutgoingTlsOptions, facts?: TlsFacts): TcpTransport {
  const secure = (clear: Socket, serverName: string) => secureAsClient(clear, { ...options, serverName });
  return new TcpTransport(socket, { isTrusted: false, secure }, facts);
}
