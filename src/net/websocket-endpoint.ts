// The path where WebSockets are opened (RFC 6455 §4.2, RFC 7395 §3.1).
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { type WebSocket, WebSocketServer } from "ws";
import type { TrustedProxies } from "./proxies.js";
import { SocketTlsFacts } from "./tls-facts.js";
import type { Reception } from "./reception.js";
import { WebSocketTransport } from "./websocket-transport.js";

export interface WebSocketOptions {
  /** `/xmpp-websocket` when left out. */
  readonly path?: string;
  /** Longest frame in bytes: the limit of a stanza. 262 144 when left out. */
  readonly maxFrame?: number;
  /** Web pages that may connect, as `https://chat.example.org`; all when left out. Other programs send no origin. */
  readonly origins?: readonly string[];
  /** Connections in clear are as good as encrypted (a proxy on this machine ends TLS, or it is a test). */
  readonly isTrusted?: boolean;
}

/** What a listener is given, as far as it matters here. */
type WebSocketReception = Pick<Reception, "admission" | "certificates" | "accepted">;

export const defaultWebSocketPath = "/xmpp-websocket";
const defaultFrame = 262_144;

export class WebSocketEndpoint {
  readonly path: string;
  readonly #options: WebSocketOptions;
  readonly #proxies: TrustedProxies;
  readonly #reception: WebSocketReception;
  readonly #server: WebSocketServer;

  constructor(options: WebSocketOptions, proxies: TrustedProxies, reception: WebSocketReception) {
    this.path = options.path ?? defaultWebSocketPath;
    this.#options = options;
    this.#proxies = proxies;
    this.#reception = reception;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false, // costs much memory a connection, and compression before encryption leaks
      maxPayload: options.maxFrame ?? defaultFrame,
      handleProtocols: () => "xmpp",
    });
  }

  /** Takes over an upgrade request of node:http. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const refusal = this.#refusal(request);
    if (refusal !== undefined) return refuse(socket, refusal);
    const address = this.#proxies.clientAddress(request);
    const isForwarded = address !== request.socket.remoteAddress && this.#proxies.isTrusted(socket.remoteAddress ?? "");
    if (isForwarded && !this.#enterForwarded(address, socket)) return refuse(socket, "503 Service Unavailable");
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#open(webSocket, request, socket, address));
  }

  #open(webSocket: WebSocket, request: IncomingMessage, socket: Socket, remoteAddress: string): void {
    const tls =
      socket instanceof TLSSocket ? new SocketTlsFacts(socket, this.#reception.certificates, undefined) : undefined;
    const isTrusted = this.#options.isTrusted === true || this.#proxies.isForwardedFromTls(request);
    const facts = { remoteAddress, remotePort: socket.remotePort ?? 0, tls, isTrusted };
    this.#reception.accepted(new WebSocketTransport(webSocket, socket, facts));
  }

  /** The listener counted the proxy's address; the client's own limits hold too. */
  #enterForwarded(address: string, socket: Socket): boolean {
    if (this.#reception.admission.enter(address) !== undefined) return false;
    socket.once("close", () => this.#reception.admission.leave(address));
    return true;
  }

  #refusal(request: IncomingMessage): string | undefined {
    if ((request.url ?? "").split("?", 1)[0] !== this.path) return "404 Not Found";
    const protocols = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
    if (!protocols.includes("xmpp")) return "400 Bad Request"; // RFC 7395 §3.1
    return this.#isOriginAllowed(request.headers.origin) ? undefined : "403 Forbidden"; // RFC 6455 §4.2.2
  }

  #isOriginAllowed(origin: string | undefined): boolean {
    const { origins } = this.#options;
    return origin === undefined || origins === undefined || origins.includes(origin.toLowerCase());
  }
}

function refuse(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.destroySoon();
}
