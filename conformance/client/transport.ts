// The wires below an XMPP stream, and the one that carries bytes: TCP, TLS, or in memory.
import { connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { connect as connectTls, TLSSocket, type SecureVersion } from "node:tls";

/** Receives what the peer sends, and, once, why nothing will follow. */
export interface TransportListener {
  text(text: string): void;
  ended(reason: string): void;
}

/** A certificate to be shown, with its key; both PEM. */
export interface TlsIdentity {
  readonly certificate: string;
  readonly key: string;
}

/** How TLS is to be negotiated: the name for SNI, and the only version to be accepted, when one is asked for. */
export interface TlsWish {
  readonly servername: string;
  readonly isTrusted: boolean;
  readonly version?: SecureVersion;
  readonly alpn?: string;
  /** Shown to the server under test; nothing is shown without it. */
  readonly identity?: TlsIdentity;
  /** Whose certificates are valid (PEM), instead of those that everybody trusts. */
  readonly authority?: string;
}

/** A connection that carries text. `isFramed` says that every write is one WebSocket message (RFC 7395). */
export interface Transport {
  readonly isFramed: boolean;
  /** The TLS layer, for channel binding; undefined in clear text. */
  readonly tls: TLSSocket | undefined;
  write(data: string | Uint8Array): void;
  startTls(wish: TlsWish): Promise<void>;
  /** Negotiates TLS as the side that was connected to, and asks for a certificate. */
  acceptTls(identity: TlsIdentity | undefined, authority: string): Promise<void>;
  /** A ping frame (RFC 6455 §5.5.2); resolves with the pong. */
  ping(): Promise<void>;
  end(): void;
  destroy(): void;
}

/** TCP to this address, or whatever byte stream the caller made (an in-memory pair, for instance). */
export async function openTcp(address: string, port: number, listener: TransportListener): Promise<Transport> {
  const socket = connectTcp({ host: address, port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  return new ByteTransport(socket, listener);
}

/** XML over any byte stream. */
export class ByteTransport implements Transport {
  readonly isFramed = false;
  tls: TLSSocket | undefined;
  private decoder = new StringDecoder("utf8");
  private hasEnded = false;

  constructor(
    private socket: Duplex,
    private readonly listener: TransportListener,
  ) {
    this.listen();
  }

  write(data: string | Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(data);
  }

  /** Negotiates TLS on the connection; what comes afterwards is what TLS carries. */
  async startTls(wish: TlsWish): Promise<void> {
    this.socket.removeAllListeners();
    const tls = connectTls({ ...tlsOptions(wish), socket: this.socket });
    await this.shakeHands(tls, "secureConnect");
  }

  async acceptTls(identity: TlsIdentity | undefined, authority: string): Promise<void> {
    this.socket.removeAllListeners();
    const shown = identity === undefined ? {} : { cert: identity.certificate, key: identity.key };
    const asking = { requestCert: true, rejectUnauthorized: false, ca: authority };
    const options = { ...shown, ...asking, isServer: true, ALPNProtocols: ["xmpp-server"] };
    await this.shakeHands(new TLSSocket(this.socket, options), "secure");
  }

  private async shakeHands(tls: TLSSocket, done: "secure" | "secureConnect"): Promise<void> {
    this.socket = tls;
    this.decoder = new StringDecoder("utf8");
    await new Promise<void>((resolve, reject) => {
      tls.once(done, resolve);
      tls.once("error", reject);
      tls.once("close", () => reject(new Error("the connection was closed during the TLS handshake")));
    });
    tls.removeAllListeners("error").removeAllListeners("close");
    this.tls = tls;
    this.listen();
  }

  async ping(): Promise<void> {
    throw new Error("only a WebSocket has pings of its own");
  }

  end(): void {
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private listen(): void {
    this.socket.on("data", (bytes: Buffer) => this.listener.text(this.decoder.write(bytes)));
    this.socket.on("end", () => this.stop("closed by the server"));
    this.socket.on("error", (error) => this.stop(error.message));
    this.socket.on("close", () => this.stop("closed"));
  }

  private stop(reason: string): void {
    if (!this.hasEnded) this.listener.ended(reason);
    this.hasEnded = true;
  }
}

function tlsOptions(wish: TlsWish) {
  // OpenSSL speaks TLS 1.1 only without its usual security level, and the server is to refuse it, not we.
  const ciphers = "DEFAULT@SECLEVEL=0";
  const limits = wish.version === undefined ? {} : { minVersion: wish.version, maxVersion: wish.version, ciphers };
  const alpn = wish.alpn === undefined ? {} : { ALPNProtocols: [wish.alpn] };
  const shown = wish.identity === undefined ? {} : { cert: wish.identity.certificate, key: wish.identity.key };
  const ca = wish.authority === undefined ? {} : { ca: wish.authority };
  return { servername: wish.servername, rejectUnauthorized: wish.isTrusted, ...limits, ...alpn, ...shown, ...ca };
}
