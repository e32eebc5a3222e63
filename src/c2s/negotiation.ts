// A client's stream until a resource is bound: header, STARTTLS, SASL, binding (RFC 6120 §§4–7).
import { StreamError } from "../stream/stream-error.js";
import type { Stream } from "../stream/stream.js";
import type { StreamHandler } from "../stream/stream-parts.js";
import { checkHeader } from "../stream/check-header.js";
import { NAMESPACES } from "../xml/namespaces.js";
import type { Fragment } from "../xml/fragment.js";
import type { StreamOpening } from "../xml/opening.js";
import { Jid, JidMalformed } from "../jid/jid.js";
import { Binding } from "./binding.js";
import type { ClientHost } from "./client-host.js";
import { EarlyRequests } from "./early-requests.js";
import { Login } from "./login.js";
import type { ClientService } from "./service.js";
import type { Identity } from "../auth/identity.js";

export class Negotiation implements StreamHandler {
  #host: ClientHost | undefined;
  #login: Login | undefined;
  #earlyRequests: EarlyRequests | undefined;
  #identity: Identity | undefined;
  #binding: Binding | undefined;
  /** Who the header says is coming, without resource. */
  #announced: Jid | undefined;
  readonly #cancelTimeout: () => void;

  constructor(
    readonly stream: Stream,
    private readonly service: ClientService,
  ) {
    stream.handler = this;
    const { clock, options } = service;
    this.#cancelTimeout = clock.after(options.login_timeout, () => this.#timeOut());
    service.negotiations.add(this);
  }

  /** RFC 6120 §4.7, §4.8: judges the header, answers it, and offers what can come next. */
  opened(opening: StreamOpening): void {
    checkHeader(opening);
    const host = this.#hostOf(opening.to);
    if (this.#host !== undefined && host !== this.#host) {
      throw new StreamError("host-unknown", "The stream was begun with another host.");
    }
    this.#host = host;
    this.#announced = announcedBy(opening);
    this.stream.open(host.local.jid.domain, this.#announced?.toString());
    this.#offer(host);
  }

  received(fragment: Fragment): void {
    const host = this.#host;
    if (host === undefined) {
      // RFC 7395 §3.3.2: an <open/> in another namespace; over TCP the reader lets nothing come before the header
      const condition = fragment.name === "open" ? "invalid-namespace" : "bad-format";
      throw new StreamError(condition, "The stream has not been opened.");
    }
    if (fragment.namespace === NAMESPACES.tls && fragment.name === "starttls") return this.#startTls(host);
    if (this.#binding !== undefined) return this.#binding.received(fragment);
    if (fragment.namespace === NAMESPACES.sasl && this.#login !== undefined) return this.#login.received(fragment);
    if (this.#earlyRequests?.take(fragment) !== true) refuseBeforeLogin(fragment);
  }

  closing(): void {
    this.#leave();
  }

  closed(): void {
    this.#leave();
  }

  overflowed(): void {
    this.stream.fail(new StreamError("policy-violation", "Too much is waiting to be read."));
  }

  /** The server stops. */
  stop(): void {
    this.stream.fail(new StreamError("system-shutdown"));
  }

  #hostOf(to: string | undefined): ClientHost {
    if (to === undefined) throw new StreamError("improper-addressing", "The stream header needs a 'to'.");
    const host = this.service.hosts.get(domainOf(to));
    if (host === undefined) throw new StreamError("host-unknown", "This host is not served here.");
    return host;
  }

  #offer(host: ClientHost): void {
    const identity = this.#identity;
    if (identity !== undefined) {
      this.#binding ??= new Binding(this.stream, host, identity, this.service, () => this.#leave());
      this.stream.features(host.featuresAfterLogin(this.stream));
    } else if (host.mustEncryptFirst(this.stream)) {
      this.stream.features("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>");
    } else {
      this.#login ??= new Login(
        this.stream,
        host,
        ({ user }) => this.#announced === undefined || this.#announced === Jid.of(user, host.local.jid.domain),
        (proved) => this.#loggedIn(proved),
      );
      this.#earlyRequests ??= new EarlyRequests(this.stream, host);
      this.stream.features(host.featuresBeforeLogin(this.stream, this.#login.offer));
    }
  }

  /** RFC 6120 §6.4.6: after success the client opens the stream anew. */
  #loggedIn(identity: Identity): void {
    this.#identity = identity;
    this.#login = this.#earlyRequests = undefined;
    this.stream.limits = this.service.limits.authenticated;
    this.stream.restart();
  }

  #startTls(host: ClientHost): void {
    if (!host.canStartTls(this.stream) || this.#identity !== undefined) {
      // RFC 6120 §5.4.2.2: failure, and the stream ends
      this.stream.write("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
      return this.stream.close();
    }
    this.#login = this.#earlyRequests = undefined;
    this.#host = undefined;
    this.stream.startTls(host.local.jid.domain).catch((error: unknown) => {
      this.service.log.debug("tls-failed", { address: this.stream.transport.remoteAddress, error });
    });
  }

  #timeOut(): void {
    this.stream.fail(new StreamError("connection-timeout", "Logging in took too long."));
  }

  #leave(): void {
    this.#cancelTimeout();
    this.service.negotiations.delete(this);
  }
}

function domainOf(to: string): string {
  try {
    return Jid.parse(to).domain;
  } catch (error) {
    if (error instanceof JidMalformed) throw new StreamError("host-unknown", "The 'to' is no domain.");
    throw error;
  }
}

/** RFC 6120 §4.7.2: we say `to` only when the client said who it is; what is no address is not repeated. */
function announcedBy({ from }: StreamOpening): Jid | undefined {
  if (from === undefined) return undefined;
  try {
    return Jid.parse(from).bare;
  } catch (error) {
    if (error instanceof JidMalformed) return undefined;
    throw error;
  }
}

function refuseBeforeLogin(fragment: Fragment): never {
  const isStanza = fragment.namespace === NAMESPACES.client && /^(message|presence|iq)$/.test(fragment.name);
  // RFC 6120 §4.9.3.12: stanzas before authentication
  throw new StreamError(
    isStanza || fragment.namespace === NAMESPACES.sasl ? "not-authorized" : "unsupported-stanza-type",
  );
}
