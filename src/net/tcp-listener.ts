// Listeners for streams over TCP: with STARTTLS (RFC 6120 §5) or in TLS from the first byte (XEP-0368).
import { createServer, type Server, type Socket } from "node:net";
import type { Audience } from "./certificates.js";
import type { Listener, Reception } from "./reception.js";
import { closePort, guard, type ListeningPlace, openPort } from "./listening.js";
import { socketOptions } from "./socket-options.js";
import { type SecuredSocket, type TcpSurroundings, TcpTransport } from "./tcp-transport.js";
import { SocketTlsFacts } from "./tls-facts.js";
import { TlsGate } from "./tls-gate.js";

export interface TcpListenerOptions extends ListeningPlace {
  /** Those that end in -tls are in TLS from the first byte. */
  readonly type: "c2s" | "c2s-tls" | "s2s" | "s2s-tls" | "component";
  /** Milliseconds that a TLS handshake may take; 30 000 when left out. */
  readonly handshakeTimeout?: number;
  /** Connections in clear here are as good as encrypted: a proxy on this machine ends TLS, or it is a test. */
  readonly isTrusted?: boolean;
  /** Who connects; clients when left out. Other servers are all asked for a certificate (XEP-0178 §3). */
  readonly audience?: Audience;
  /** ALPN protocol of direct TLS; `xmpp-client` or `xmpp-server` by the type when left out (XEP-0368 §3). */
  readonly protocol?: string;
}

/** Opens it. Throws ListenError. */
export async function openTcpListener(options: TcpListenerOptions, reception: Reception): Promise<Listener> {
  const listener = new TcpListener(options, reception);
  await listener.open();
  return listener;
}

class TcpListener implements Listener, TcpSurroundings {
  readonly isTrusted: boolean;
  port = 0;
  #isStopped = false;
  readonly #options: TcpListenerOptions;
  readonly #reception: Reception;
  readonly #server: Server;
  readonly #gates = new Map<string, TlsGate>();
  readonly #direct: TlsGate | undefined;

  constructor(options: TcpListenerOptions, reception: Reception) {
    this.isTrusted = options.isTrusted ?? false;
    this.#options = options;
    this.#reception = reception;
    this.#direct = options.type.endsWith("-tls") ? this.#gate(undefined, protocolOf(options)) : undefined;
    this.#server = createServer(socketOptions, (socket) => this.#accept(socket));
    guard(this.#server, reception.admission);
  }

  get type(): string {
    return this.#options.type;
  }

  get address(): string {
    return this.#options.address;
  }

  async open(): Promise<void> {
    this.port = await openPort(this.#server, this.#options, this.#reception);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const gate of this.#gates.values()) gate.close();
    this.#direct?.close();
    await closePort(this.#server);
  }

  /** STARTTLS: a gate for each host, because a client without SNI gets the certificate of the host it named. */
  async secure(socket: Socket, host: string): Promise<SecuredSocket> {
    const gate = this.#gates.get(host) ?? this.#gate(host);
    this.#gates.set(host, gate);
    return this.#through(gate, socket);
  }

  #accept(socket: Socket): void {
    if (this.#direct === undefined) this.#reception.accepted(new TcpTransport(socket, this));
    else this.#acceptSecured(this.#direct, socket);
  }

  #acceptSecured(gate: TlsGate, socket: Socket): void {
    const accept = ({ socket, facts }: SecuredSocket): void => {
      if (this.#isStopped) socket.destroy();
      else this.#reception.accepted(new TcpTransport(socket, this, facts));
    };
    this.#through(gate, socket).then(accept, () => undefined); // the failure is reported, and the socket closed
  }

  async #through(gate: TlsGate, socket: Socket): Promise<SecuredSocket> {
    const address = socket.remoteAddress ?? "";
    try {
      const secured = await gate.secure(socket);
      return { socket: secured, facts: new SocketTlsFacts(secured, this.#reception.certificates, gate.host) };
    } catch (error) {
      this.#reception.handshakeFailed(error instanceof Error ? error : new Error(String(error)), address);
      throw error;
    }
  }

  #gate(host: string | undefined, protocol?: string): TlsGate {
    const { audience = "clients" } = this.#options;
    return new TlsGate({
      certificates: this.#reception.certificates,
      host,
      ...(protocol === undefined ? {} : { protocol }),
      audience,
      isClientCertificateWanted: audience === "servers" || this.#reception.isClientCertificateWanted(host),
      handshakeTimeout: this.#options.handshakeTimeout ?? 30_000,
    });
  }
}

function protocolOf({ type, protocol }: TcpListenerOptions): string {
  return protocol ?? (type === "s2s-tls" ? "xmpp-server" : "xmpp-client");
}
