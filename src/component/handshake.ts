// A connection until it has proved which component it is (XEP-0114 §3): header, handshake.
import { createHash, timingSafeEqual } from "node:crypto";
import { Jid, JidMalformed } from "../jid/jid.js";
import { checkNames } from "../stream/check-header.js";
import { StreamError } from "../stream/stream-error.js";
import type { Stream } from "../stream/stream.js";
import type { StreamHandler } from "../stream/stream-parts.js";
import type { Fragment } from "../xml/fragment.js";
import { NAMESPACES } from "../xml/namespaces.js";
import type { StreamOpening } from "../xml/opening.js";
import type { Component } from "./component.js";
import { ComponentConnection } from "./connection.js";
import { componentNamespace } from "./framing.js";
import type { ComponentService } from "./service.js";

/** Milliseconds that header and handshake may take. */
const patience = 30_000;

export class Handshake implements StreamHandler {
  #component: Component | undefined;
  readonly #cancelTimeout: () => void;

  constructor(
    private readonly stream: Stream,
    private readonly service: ComponentService,
  ) {
    stream.handler = this;
    this.#cancelTimeout = service.clock.after(patience, () => this.#timeOut());
  }

  opened(opening: StreamOpening): void {
    checkNames(opening, componentNamespace);
    if (opening.to === undefined) throw new StreamError("improper-addressing", "The stream header needs a 'to'.");
    this.#component = this.service.components.get(domainOf(opening.to));
    if (this.#component === undefined) throw new StreamError("host-unknown", "No such component is configured here.");
    // §3: "from" is the component too, in our header
    this.stream.open(this.#component.domain, undefined);
  }

  received(fragment: Fragment): void {
    const component = this.#component;
    const isHandshake = fragment.namespace === NAMESPACES.client && fragment.name === "handshake";
    if (component === undefined || !isHandshake) throw new StreamError("not-authorized", "The handshake comes first.");
    if (!this.#isProof(fragment.element().getText(), component.options.secret))
      throw new StreamError("not-authorized", "The handshake does not match the secret.");
    this.#begin(component);
  }

  failing({ condition, message }: StreamError): void {
    const { remoteAddress } = this.stream.transport;
    const facts = { address: remoteAddress, reason: condition, text: message };
    const component = this.#component?.domain;
    this.service.log.warn("component-refused", { ...(component === undefined ? {} : { component }), ...facts });
  }

  closing(): void {
    this.#cancelTimeout();
  }

  closed(): void {
    this.#cancelTimeout();
  }

  overflowed(): void {
    this.stream.fail(new StreamError("policy-violation", "Too much is waiting to be read."));
  }

  /**
   * Who is there stays: two programs configured alike would else throw each other out in turn, and lose stanzas each time.
   * But its connection may be that of a machine that has restarted since: a byte to it finds that out (RFC 6120 §4.6.1),
   * so that the next try succeeds.
   */
  #begin(component: Component): void {
    if (component.connection !== undefined) {
      component.connection.keepAlive();
      throw new StreamError("conflict", "This component is connected already.");
    }
    this.#cancelTimeout();
    new ComponentConnection(this.stream, component, this.service).begin();
  }

  /** §3: SHA-1 of stream id and secret, in small hexadecimal digits. */
  #isProof(given: string, secret: string): boolean {
    const proof = createHash("sha1").update(this.stream.id).update(secret).digest("hex");
    return given.length === proof.length && timingSafeEqual(Buffer.from(given, "latin1"), Buffer.from(proof, "latin1"));
  }

  #timeOut(): void {
    this.stream.fail(new StreamError("connection-timeout", "The handshake took too long."));
  }
}

/** As it stands in the configuration; "" for what is no domain. */
function domainOf(to: string): string {
  try {
    const jid = Jid.parse(to);
    return jid.isDomain ? jid.domain : "";
  } catch (error) {
    if (error instanceof JidMalformed) return "";
    throw error;
  }
}
