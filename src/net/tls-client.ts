// TLS on connections that we open to other servers: after STARTTLS (RFC 6120 §5), or from the first byte (XEP-0368).
import { isIP, type Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import type { CertificateStore } from "./certificates.js";
import { dnsNameOfDomain } from "./domain-names.js";
import type { SecuredSocket } from "./tcp-transport.js";
import { OutgoingTlsFacts } from "./tls-facts.js";
import { TlsHandshakeError } from "./tls-handshake-error.js";

export interface TlsClientOptions {
  /** The domain that we want to talk to, for SNI; it may have labels beyond ASCII. An address is not sent. */
  readonly serverName: string;
  /** ALPN protocol, for direct TLS (XEP-0368 §3). */
  readonly protocol?: "xmpp-server";
  readonly certificates: CertificateStore;
  /** The host of ours whose certificate is shown when the other side asks for one. */
  readonly host: string;
  /** Milliseconds that the handshake may take. */
  readonly timeout: number;
}

/**
 * Takes a connected socket into TLS. What the other side shows is not judged here: see peerCertificates() and
 * judgePath(). Rejects with TlsHandshakeError, with the socket closed.
 */
export async function secureAsClient(socket: Socket, options: TlsClientOptions): Promise<SecuredSocket> {
  if (socket.destroyed) throw TlsHandshakeError.ofClosing();
  const serverName = nameForSni(options.serverName);
  const allowsHalfOpen = socket.allowHalfOpen;
  socket.allowHalfOpen = false; // a peer that goes away during the handshake is gone
  const secured = connect({
    socket,
    secureContext: options.certificates.contextTowardsServers(options.host),
    rejectUnauthorized: false,
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(options.protocol === undefined ? {} : { ALPNProtocols: [options.protocol] }),
  });
  try {
    await handshake(secured, socket, options.timeout);
    requireProtocol(secured, options.protocol);
  } catch (error) {
    secured.destroy();
    socket.destroy();
    throw error;
  }
  secured.allowHalfOpen = allowsHalfOpen;
  return { socket: secured, facts: new OutgoingTlsFacts(secured, serverName) };
}

/** RFC 6066 §3: DNS names only. */
function nameForSni(domain: string): string | undefined {
  const name = dnsNameOfDomain(domain);
  return name === undefined || isIP(name) !== 0 ? undefined : name;
}

function handshake(secured: TLSSocket, clear: Socket, timeout: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      secured.off("secureConnect", done).off("error", failed).off("close", closed);
      clear.off("close", closed);
      if (error === undefined) return resolve();
      secured.on("error", () => undefined); // more of the same may follow; the first has been told
      reject(error);
    };
    const done = (): void => settle();
    const failed = (error: Error): void => settle(TlsHandshakeError.of(error));
    const closed = (): void => settle(TlsHandshakeError.ofClosing());
    const timer = setTimeout(() => settle(TlsHandshakeError.ofTimeout(timeout)), timeout);
    secured.on("secureConnect", done).on("error", failed).on("close", closed);
    clear.on("close", closed);
  });
}

/** Servers without ALPN are fine (XEP-0368 §3); one that chose what we did not offer has not understood (RFC 7301 §3.2). */
function requireProtocol({ alpnProtocol }: TLSSocket, wanted: string | undefined): void {
  if (typeof alpnProtocol !== "string" || alpnProtocol === "" || alpnProtocol === wanted) return;
  throw new TlsHandshakeError(`The other side chose the protocol “${alpnProtocol}”, which was not offered.`);
}
