// What is known of the encryption under a connection, read from the socket when somebody asks.
import { X509Certificate } from "node:crypto";
import type { PeerCertificate, TLSSocket } from "node:tls";
import type { CertificateStore } from "./certificates.js";
import type { ChannelBindingType, TlsFacts } from "./transport.js";

export class SocketTlsFacts implements TlsFacts {
  readonly #socket: TLSSocket;
  readonly #endPoint: Buffer | undefined;
  #sent: readonly X509Certificate[] | undefined;

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
    this.#sent ??= certificatesSentTo(this.#socket);
    return this.#sent;
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
 * The chain as Node puts it together of what was sent, and of the authorities that OpenSSL knows. Measured on Node 20:
 * unrelated certificates and alternatives are left out, and of a chain in reverse order all but the first two.
 * getPeerX509Certificate() would tell all of them, but never frees them: a peer could take our memory.
 */
function certificatesSentTo(socket: TLSSocket): X509Certificate[] {
  const sent: X509Certificate[] = [];
  let next: PeerCertificate | undefined = socket.destroyed ? undefined : socket.getPeerCertificate(true);
  // A root is its own issuer; without a certificate there is an empty object, whatever the types say.
  for (; Buffer.isBuffer(next?.raw) && sent.length < mostCertificates; next = issuerOf(next)) {
    sent.push(new X509Certificate(next.raw));
  }
  return sent;
}

function issuerOf(certificate: PeerCertificate): PeerCertificate | undefined {
  const issuer: unknown = Reflect.get(certificate, "issuerCertificate");
  return issuer === certificate ? undefined : (issuer as PeerCertificate | undefined);
}

/** Of a connection that we opened. */
export class OutgoingTlsFacts implements TlsFacts {
  readonly serverName: string | undefined;
  readonly #socket: TLSSocket;
  #sent: readonly X509Certificate[] | undefined;

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
    this.#sent ??= certificatesSentTo(this.#socket);
    return this.#sent;
  }
}
