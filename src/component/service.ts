// External components (XEP-0114): takes their connections, keeps the routes of their domains, stops them.
import type { Clock } from "../extension/clock.js";
import type { Transport } from "../net/transport.js";
import type { Log } from "../observability/log.js";
import type { Trace } from "../observability/trace.js";
import type { Router } from "../routing/router.js";
import { noTraffic, type Traffic } from "../stanza/traffic.js";
import { Flusher } from "../stream/flusher.js";
import { Stream } from "../stream/stream.js";
import type { StreamOptions } from "../stream/stream-parts.js";
import { StreamError } from "../stream/stream-error.js";
import { Component } from "./component.js";
import { componentFraming } from "./framing.js";
import { Handshake } from "./handshake.js";
import { limitsOf } from "./limits.js";
import type { ComponentOptions } from "./options.js";

/** Bytes of a header or a handshake. */
const longestBeforeLogin = 10_000;
/** Milliseconds that a component has to take the last bytes. */
const closeTimeout = 5000;

export interface ComponentParts {
  readonly router: Router;
  readonly clock: Clock;
  readonly log: Log;
  readonly trace: Trace;
}

export class ComponentService {
  /** By domain. */
  readonly components: ReadonlyMap<string, Component>;
  /** Since the start. */
  readonly traffic: Traffic = noTraffic();
  readonly router: Router;
  readonly clock: Clock;
  readonly log: Log;
  readonly trace: Trace;
  readonly #streams = new Set<Stream>();
  readonly #options: StreamOptions;
  #isStopping = false;
  #allClosed: (() => void) | undefined;

  /** `configured`: by prepared domain. */
  constructor(configured: ReadonlyMap<string, ComponentOptions>, { router, clock, log, trace }: ComponentParts) {
    this.router = router;
    this.clock = clock;
    this.log = log;
    this.trace = trace;
    const components = Array.from(configured, ([domain, options]) => new Component(domain, options, router));
    this.components = new Map(components.map((component) => [component.domain, component]));
    this.#options = {
      framing: componentFraming,
      limits: limitsOf(longestBeforeLogin),
      flusher: new Flusher(),
      address: () => undefined,
      outboxBytes: Infinity, // the connection knows the component's own limit
      closeTimeout,
      now: () => clock.now(),
      onFailure: (error) => log.error("stream-failed", { error }),
      onClosed: (stream) => this.#forget(stream),
    };
  }

  /** Has the router send what is for the components here. Throws when a host or a service has the domain of one. */
  start(): void {
    for (const component of this.components.values()) this.router.addRoute(component.domain, component);
  }

  /** A connection from a listener. */
  accept(transport: Transport): void {
    if (this.#isStopping) return transport.destroy();
    const stream = new Stream(transport, this.#options);
    this.#streams.add(stream);
    new Handshake(stream, this);
    stream.start();
  }

  /** Says goodbye to every component (RFC 6120 §4.9.3.20) and waits until their streams have closed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const stream of this.#streams) stream.fail(new StreamError("system-shutdown"));
    if (this.#streams.size > 0) await new Promise<void>((resolve) => (this.#allClosed = resolve));
  }

  #forget(stream: Stream): void {
    this.#streams.delete(stream);
    if (this.#streams.size === 0) this.#allClosed?.();
  }
}
