// What is known of the encryption under a connection, read from the socket when somebody asks.
import type { X509Certificate } from "node:crypto";
import type { PeerCertificate, TLSSocket } from "node:tls";
import type { CertificateStore } from "./certificates.js";
import type { ChannelBindingType, TlsFacts } from "./transport.js";

export class SocketTlsFacts implements TlsFacts {
  readonly #socket: TLSSocket;
  readonly #endPoint: Buffer | undefined;

  /**
   * Right after the handshake: `certificates` are those of now, `host` is whose certificate is shown without SNI. The
   * store knows which one that is; to ask OpenSSL costs more than the rest of a login, and in a resumed session it
   * answers with the wrong one. No session outlives a reload.
   */
  constructor(socket: TLSSocket, certificates: CertificateStore, host: string | undefined) {
    this.#socket = socket;
    this.#endPoint = certificates.endPointFor(this.serverName, host);
  }

  get protocol(): string {
    return this.#socket.getProtocol() ?? "closed";
  }

  get cipher(): string {
    return this.#socket.getCipher().name;
  }

  get serverName(): string | undefined {
    const name: unknown = Reflect.get(this.#socket, "servername"); // `false` or null without SNI, whatever the types say
    return typeof name === "string" ? name : undefined;
  }

  channelBinding(type: ChannelBindingType): Buffer | undefined {
    if (this.#socket.destroyed) return undefined;
    return type === "tls-exporter" ? this.#exporter() : this.#endPoint;
  }

  clientCertificate(): PeerCertificate | undefined {
    if (this.#socket.destroyed || !this.#socket.authorized) return undefined;
    const certificate = this.#socket.getPeerCertificate(true);
    return Buffer.isBuffer(certificate.raw) ? certificate : undefined;
  }

  peerCertificates(): readonly X509Certificate[] {
    return certificatesSentTo(this.#socket);
  }

  #exporter(): Buffer | undefined {
    // RFC 9266 §4.2: before TLS 1.3 only with the extended master secret, which Node can't tell.
    if (this.#socket.getProtocol() !== "TLSv1.3") return undefined;
    return this.#socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
  }
}

/** Certificates looked at; no good chain is that long. */
const mostCertificates = 16;

/**
 * X509Certificate keeps what was sent, in its order: the legacy object of getPeerCertificate(true) holds only the one
 * chain that Node could put together, and loses cross-signed and unordered certificates (measured on Node 20).
 */
function certificatesSentTo(socket: TLSSocket): X509Certificate[] {
  const sent: X509Certificate[] = [];
  let next = socket.destroyed ? undefined : socket.getPeerX509Certificate();
  for (; next !== undefined && sent.length < mostCertificates; next = next.issuerCertificate) sent.push(next);
  return sent;
}

/** Of a connection that we opened. */
export class OutgoingTlsFacts implements TlsFacts {
  readonly serverName: string | undefined;
  readonly #socket: TLSSocket;

  /** `serverName`: what we named in SNI. */
  constructor(socket: TLSSocket, serverName: string | undefined) {
    this.#socket = socket;
    this.serverName = serverName;
  }

  get protocol(): string {
    return this.#socket.getProtocol() ?? "closed";
  }

  get cipher(): string {
    return this.#socket.getCipher().name;
  }

  /** Servers authenticate by certificates, not by passwords. */
  channelBinding(): undefined {
    return undefined;
  }

  clientCertificate(): undefined {
    return undefined;
  }

  peerCertificates(): readonly X509Certificate[] {
    return certificatesSentTo(this.#socket);
  }
}
