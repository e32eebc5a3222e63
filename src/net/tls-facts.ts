// What is known of the encryption under a connection, read from the socket when somebody asks.
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

  #exporter(): Buffer | undefined {
    // RFC 9266 §4.2: before TLS 1.3 only with the extended master secret, which Node can't tell.
    if (this.#socket.getProtocol() !== "TLSv1.3") return undefined;
    return this.#socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
  }
}
