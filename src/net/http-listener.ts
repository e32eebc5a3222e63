// The HTTP and HTTPS listeners: routes such as host-meta, and the upgrade to WebSocket.
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { AddressSet, loopback } from "./addresses.js";
import { closePort, guard, ListenError, type ListeningPlace, openPort } from "./listening.js";
import { TrustedProxies } from "./proxies.js";
import { readRequest, type Route, RouteTable, sendReply } from "./routes.js";
import type { Listener, Reception } from "./reception.js";
import { chooseFrom } from "./tls-gate.js";
import { WebSocketEndpoint, type WebSocketOptions } from "./websocket-endpoint.js";

export interface HttpListenerOptions extends ListeningPlace {
  readonly type: "http" | "https";
  readonly routes: readonly Route[];
  /** Left out: no WebSocket here. */
  readonly webSocket?: WebSocketOptions;
  /** Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; none when left out. */
  readonly trustedProxies?: readonly string[];
  /** Milliseconds that a TLS handshake may take; 30 000 when left out. */
  readonly handshakeTimeout?: number;
}

/** Opens it. Throws ListenError; plain HTTP anywhere but on loopback is one. */
export async function openHttpListener(options: HttpListenerOptions, reception: Reception): Promise<Listener> {
  if (options.type === "http" && !new AddressSet(loopback).has(options.address)) throw inClear(options);
  const listener = new HttpListener(options, reception);
  await listener.open();
  return listener;
}

function inClear({ address, port }: ListeningPlace): ListenError {
  const advice = "Use type https, or 127.0.0.1 or ::1 behind a proxy that ends TLS.";
  return new ListenError(
    `The http listener may not use ${address} port ${port}: passwords in clear. ${advice}`,
    "",
    "",
  );
}

class HttpListener implements Listener {
  port = 0;
  readonly #options: HttpListenerOptions;
  readonly #reception: Reception;
  readonly #server: Server;
  readonly #proxies: TrustedProxies;
  readonly #routes: RouteTable;
  readonly #endpoint: WebSocketEndpoint | undefined;
  #forget: () => unknown = () => undefined;

  constructor(options: HttpListenerOptions, reception: Reception) {
    this.#options = options;
    this.#reception = reception;
    this.#proxies = new TrustedProxies(options.trustedProxies ?? []);
    this.#routes = new RouteTable(options.routes);
    this.#endpoint = options.webSocket && new WebSocketEndpoint(options.webSocket, this.#proxies, reception);
    this.#server = options.type === "http" ? createHttpServer(serverOptions) : this.#secureServer();
    guard(this.#server, reception.admission);
    this.#server.on("request", (request, response) => this.#answer(request, response));
    this.#server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
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
    this.#forget();
    await closePort(this.#server);
    this.#server.closeIdleConnections();
  }

  #secureServer(): Server {
    const { certificates } = this.#reception;
    const handshakeTimeout = this.#options.handshakeTimeout ?? 30_000;
    const tls = { ...certificates.optionsFor(undefined), SNICallback: chooseFrom(certificates), handshakeTimeout };
    const server = createHttpsServer({ ...serverOptions, ...tls, ALPNProtocols: ["http/1.1"] });
    this.#forget = certificates.onReload(() => server.setSecureContext(certificates.optionsFor(undefined)));
    server.on("tlsClientError", (error, socket) => {
      this.#reception.handshakeFailed(error, socket.remoteAddress ?? "");
      socket.destroy();
    });
    return server;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume(); // no route takes a body yet
    const asked = readRequest(request, this.#proxies.clientAddress(request));
    if (asked.path === this.#endpoint?.path) return sendReply(response, upgradeRequired);
    this.#routes.answer(asked).then(
      (reply) => sendReply(response, reply),
      (error: unknown) => {
        this.#reception.requestFailed(error, asked.path);
        sendReply(response, { status: 500 });
      },
    );
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!(socket instanceof Socket) || this.#endpoint === undefined) socket.destroy();
    else this.#endpoint.upgrade(request, socket, head);
  }
}

const upgradeRequired = { status: 426, headers: { upgrade: "websocket", connection: "Upgrade" } };

// Slow and fat requests before anybody has logged in cost as little as can be.
const serverOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 8_192,
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: 300_000,
};
