// What is known of the encryption under a connection, read from the socket when somebody asks.
import type { PeerCertificate, TLSSocket } from "node:tls";
import type { CertificateStore } from "./certificates.js";
import { serverEndPoint } from "./server-end-point.js";
import type { ChannelBindingType, TlsFacts } from "./transport.js";

export class SocketTlsFacts implements TlsFacts {
  readonly #socket: TLSSocket;
  readonly #resumedWith: Buffer | undefined;

  /** Right after the handshake: `certificates` are those of now. */
  constructor(socket: TLSSocket, certificates: CertificateStore) {
    this.#socket = socket;
    // A resumed session shows no certificate, and OpenSSL does not ask again which one the name has: it is the one
    // of before, because no session outlives a reload.
    const name = socket.isSessionReused() ? this.serverName : undefined;
    this.#resumedWith = name === undefined ? undefined : certificates.certificateFor(name);
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
    return type === "tls-exporter" ? this.#exporter() : this.#endPoint();
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

  #endPoint(): Buffer | undefined {
    const shown = this.#resumedWith ?? this.#socket.getX509Certificate()?.raw;
    return shown === undefined ? undefined : serverEndPoint(shown);
  }
}
