// Where a stanza goes next: to an account or a service of a host that we serve, to a component, or to another domain.
import type { Jid } from "../jid/jid.js";
import { errorFor, isUnanswerable } from "../stanza/build.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import { Custody } from "./custody.js";
import type { LocalHost } from "./local-host.js";
import type { LocalSession } from "./local-session.js";

/** Takes the stanzas for one domain, or for all domains that are not ours. */
export interface Route {
  receive(stanza: Stanza): void;
}

/** For a router that was given no federation: nobody out there can be reached (RFC 6120 §10.4.2). */
export class NoFederation implements Route {
  constructor(private readonly router: Router) {}

  receive(stanza: Stanza): void {
    const text = `This server does not exchange stanzas with ${stanza.to?.domain ?? "other domains"}.`;
    this.router.bounce(stanza, new StanzaError("remote-server-not-found", { text }));
  }
}

export class Router {
  readonly hosts = new Map<string, LocalHost>();
  readonly custody = new Custody();
  readonly #routes = new Map<string, Route>();
  remote: Route = new NoFederation(this);

  /** The session of this process with exactly this full JID. */
  localSession(jid: Jid | undefined): LocalSession | undefined {
    return jid === undefined ? undefined : this.hosts.get(jid.domain)?.accounts.peek(jid.bare)?.session(jid);
  }

  /** Whether a host or a service of this server has the domain. */
  serves(domain: string): boolean {
    return this.hosts.has(domain) || this.#routes.has(domain);
  }

  /** Gives a domain (a component, a room service) to a route. Throws when it is taken. */
  addRoute(domain: string, route: Route): void {
    if (this.serves(domain)) throw new Error(`The domain ${domain} is served already.`);
    this.#routes.set(domain, route);
  }

  removeRoute(domain: string): void {
    this.#routes.delete(domain);
  }

  /** Sends the stanza on; both addresses must be set. Never throws, never waits. */
  route(stanza: Stanza): void {
    const to = stanza.to as Jid;
    const host = this.hosts.get(to.domain);
    if (host !== undefined) host.receive(stanza);
    else (this.#routes.get(to.domain) ?? this.remote).receive(stanza);
  }

  /** Returns the stanza to its sender with an error, unless that is forbidden (RFC 6120 §8.3.1). */
  bounce(stanza: Stanza, error: StanzaError): void {
    if (isUnanswerable(stanza) || stanza.from === undefined) return;
    this.route(errorFor(stanza, error));
  }
}
