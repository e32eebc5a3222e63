// A domain that an extension serves (extension/service.ts), as a route: what comes in, and what it sends.
import type { Clock } from "../extension/clock.js";
import type { OpenService, Service } from "../extension/service.js";
import type { Jid } from "../jid/jid.js";
import { isUnanswerable } from "../stanza/build.js";
import { isRequest } from "../stanza/check.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import type { Element } from "../xml/element.js";
import { PendingRequests } from "./pending-requests.js";
import { sendRequest } from "./requests.js";
import type { Route, Router } from "./router.js";

export interface LocalServiceParts {
  readonly jid: Jid;
  readonly service: Service;
  readonly router: Router;
  readonly clock: Clock;
  /** Told of what the service throws beside StanzaErrors. */
  readonly failed: (error: unknown) => void;
}

export class LocalService implements Route, OpenService {
  readonly jid: Jid;
  readonly #parts: LocalServiceParts;
  readonly #pending = new PendingRequests();
  #ids = 0;

  /** Throws when the domain is taken. */
  constructor(parts: LocalServiceParts) {
    this.jid = parts.jid;
    this.#parts = parts;
    parts.router.addRoute(parts.jid.domain, this);
  }

  receive(stanza: Stanza): void {
    if (isRequest(stanza) && stanza.children.length !== 1) {
      return this.#refuse(stanza, new StanzaError("bad-request")); // RFC 6120 §8.2.3
    }
    if (stanza.kind === "iq" && !isRequest(stanza) && this.#pending.settle(stanza)) return;
    try {
      const done = this.#parts.service.receive(stanza);
      if (done !== undefined)
        this.#parts.router.custody.until(done.catch((error: unknown) => this.#refuse(stanza, error)));
    } catch (error) {
      this.#refuse(stanza, error);
    }
  }

  send(stanza: Stanza): void {
    this.#parts.router.route(stanza);
  }

  sendToAll(stanza: Stanza, recipients: Iterable<Jid>): void {
    const { router } = this.#parts;
    // A session's host takes note of who goes, so unavailable presence has to pass it.
    const isPlain = stanza.kind === "message" || stanza.type === undefined;
    for (const to of recipients) {
      const session = isPlain ? router.freeSession(to, stanza.kind) : undefined;
      if (session === undefined) router.route(stanza.readdressed(to));
      else session.deliver(stanza.readdressed(to));
    }
  }

  request(from: Jid, to: Jid, type: "get" | "set", payload: Element, timeout?: number): Promise<Element | undefined> {
    const { router, clock } = this.#parts;
    const id = `s${(this.#ids += 1).toString(36)}`;
    return sendRequest({ pending: this.#pending, router, clock }, { from, to, type, payload, id, timeout });
  }

  close(): void {
    this.#parts.router.removeRoute(this.jid.domain);
  }

  #refuse(stanza: Stanza, error: unknown): void {
    if (!(error instanceof StanzaError)) this.#parts.failed(error);
    if (isUnanswerable(stanza)) return;
    this.#parts.router.bounce(stanza, error instanceof StanzaError ? error : new StanzaError("internal-server-error"));
  }
}
