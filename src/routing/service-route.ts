// The domain of an extension's service: contains its failures, answers for it, and sends for it.
import { randomBytes } from "node:crypto";
import type { OpenService, Service } from "../extension/service.js";
import type { Jid } from "../jid/jid.js";
import { isRequest } from "../stanza/check.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import type { Element } from "../xml/element.js";
import type { LocalHost } from "./local-host.js";
import { PendingRequests } from "./pending-requests.js";
import type { Route } from "./router.js";
import { sendRequest } from "./send-request.js";

export class ServiceRoute implements Route, OpenService {
  readonly #requests = new PendingRequests();
  /** A service passes on requests of others too: their ids must not be mistaken for one of these. */
  readonly #mark = randomBytes(9).toString("base64url");
  #ids = 0;
  #isOpen = true;

  /** `owner`: the extension's name. Throws when the domain is taken. */
  constructor(
    readonly jid: Jid,
    private readonly service: Service,
    private readonly owner: string,
    private readonly host: LocalHost,
  ) {
    host.router.addRoute(jid.domain, this);
  }

  receive(stanza: Stanza): void {
    if (stanza.kind === "iq") {
      if (!isRequest(stanza)) {
        if (this.#requests.settle(stanza)) return;
      } else if (stanza.children.length !== 1) {
        return this.host.router.bounce(stanza, new StanzaError("bad-request")); // RFC 6120 §8.2.3
      }
    }
    const { trace } = this.host;
    if (trace.isActive) trace.stage(stanza, "service", this.owner, "taken");
    this.#hand(stanza);
  }

  send(stanza: Stanza): void {
    this.host.router.route(stanza);
  }

  sendToAll(stanza: Stanza, recipients: Iterable<Jid>): void {
    const { router } = this.host;
    const original = stanza.forMany();
    for (const to of recipients) {
      const host = router.hosts.get(to.domain);
      if (host === undefined) router.route(original.readdressed(to));
      else host.receiveCopy(original, to);
    }
  }

  request(from: Jid, to: Jid, type: "get" | "set", payload: Element, timeout?: number): Promise<Element | undefined> {
    if (!this.#isOpen) return Promise.reject(new StanzaError("service-unavailable"));
    const { router, clock } = this.host;
    const id = `${this.#mark}-${(this.#ids += 1).toString(36)}`;
    const request = { id, from, to, type, payload, timeout, isStrict: true };
    return sendRequest({ router, clock, requests: this.#requests }, request);
  }

  /** Gives the domain back, and lets nobody wait for an answer any more. */
  close(): void {
    this.#isOpen = false;
    this.host.router.removeRoute(this.jid.domain);
    this.#requests.failAll(new StanzaError("service-unavailable"));
  }

  #hand(stanza: Stanza): void {
    try {
      const done = this.service.receive(stanza);
      if (done === undefined) return;
      this.host.router.custody.until(done.catch((error: unknown) => this.#refuse(stanza, error)));
    } catch (error) {
      this.#refuse(stanza, error);
    }
  }

  #refuse(stanza: Stanza, error: unknown): void {
    this.host.router.bounce(stanza, this.host.asStanzaError(this.owner, error, "service"));
  }
}
