// Client connections: takes transports from the listeners, makes streams of them, watches over them, stops them.
import type { ValuesOf } from "../config/option.js";
import type { Clock } from "../extension/clock.js";
import type { Transport } from "../net/transport.js";
import type { Log } from "../observability/log.js";
import { noTraffic, type Traffic } from "../stanza/traffic.js";
import { Flusher } from "../stream/flusher.js";
import { webSocketFraming, xmlStream } from "../stream/framing.js";
import { readerLimitsOf } from "../stream/reader-limits.js";
import { Stream } from "../stream/stream.js";
import type { StreamOptions } from "../stream/stream-parts.js";
import { NAMESPACES } from "../xml/namespaces.js";
import type { ReaderLimits } from "../xml/limits.js";
import type { ClientHost } from "./client-host.js";
import { Liveness } from "./liveness.js";
import { Negotiation } from "./negotiation.js";
import type { clientOptions } from "./options.js";

export type ClientOptions = ValuesOf<(typeof clientOptions)["options"]>;

export class ClientService {
  /** By domain. */
  readonly hosts = new Map<string, ClientHost>();
  /** Streams that no resource is bound on yet. */
  readonly negotiations = new Set<Negotiation>();
  /** Since the start. */
  readonly traffic: Traffic = noTraffic();
  readonly limits: { readonly unauthenticated: ReaderLimits; readonly authenticated: ReaderLimits };
  /** What all streams of a kind share. */
  readonly #bytes: StreamOptions;
  readonly #frames: StreamOptions;
  readonly #streams = new Set<Stream>();
  #isStopping = false;
  #allClosed: (() => void) | undefined;
  readonly #liveness: Liveness;

  constructor(
    readonly options: ClientOptions,
    readonly clock: Clock,
    readonly log: Log,
  ) {
    this.limits = {
      unauthenticated: readerLimitsOf(options, options.stanza_size_before_login),
      authenticated: readerLimitsOf(options, options.stanza_size),
    };
    this.#bytes = {
      framing: xmlStream(NAMESPACES.client),
      limits: this.limits.unauthenticated,
      flusher: new Flusher(),
      address: () => this.hosts.keys().next().value,
      outboxBytes: options.outbox_size,
      closeTimeout: options.close_timeout,
      now: () => clock.now(),
      onFailure: (error) => log.error("stream-failed", { error }),
      onClosed: (stream) => this.#forget(stream),
    };
    this.#frames = { ...this.#bytes, framing: webSocketFraming };
    this.#liveness = new Liveness(this);
  }

  /** A connection from a listener. */
  accept(transport: Transport): void {
    if (this.#isStopping) return transport.destroy(); // a handshake that was under way when the listeners stopped
    const stream = new Stream(transport, transport.kind === "websocket" ? this.#frames : this.#bytes);
    this.#streams.add(stream);
    new Negotiation(stream, this);
    stream.start();
  }

  start(): void {
    this.#liveness.start();
  }

  /** Says goodbye to every client (RFC 6120 §4.9.3.20) and waits until their streams have closed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#liveness.stop();
    for (const negotiation of this.negotiations) negotiation.stop();
    const sessions = [...this.hosts.values()].flatMap(({ local }) => [...local.sessions]);
    for (const session of sessions) session.close("system-shutdown");
    if (this.#streams.size > 0) await new Promise<void>((resolve) => (this.#allClosed = resolve));
  }

  #forget(stream: Stream): void {
    this.#streams.delete(stream);
    if (this.#streams.size === 0) this.#allClosed?.();
  }
}
