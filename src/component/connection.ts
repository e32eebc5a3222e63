// A component's stream after the handshake: it writes as any address of its domain, and gets what is for its domain.
import { Jid, JidMalformed } from "../jid/jid.js";
import { errorFor, isUnanswerable } from "../stanza/build.js";
import { checkStanza } from "../stanza/check.js";
import { StanzaError } from "../stanza/stanza-error.js";
import { Stanza, type StanzaKind } from "../stanza/stanza.js";
import { StreamError } from "../stream/stream-error.js";
import { streamsNamespace } from "../stream/framing.js";
import type { Stream } from "../stream/stream.js";
import type { StreamHandler } from "../stream/stream-parts.js";
import type { Fragment } from "../xml/fragment.js";
import { NAMESPACES } from "../xml/namespaces.js";
import type { Component } from "./component.js";
import { limitsOf } from "./limits.js";
import type { ComponentService } from "./service.js";

const kinds = new Set<string>(["message", "presence", "iq"]);

export class ComponentConnection implements StreamHandler {
  readonly startedAt: number;
  #reason = "closed";
  #hasSent = false;
  #stopKeepingAlive: () => void = () => undefined;

  constructor(
    readonly stream: Stream,
    private readonly component: Component,
    private readonly service: ComponentService,
  ) {
    this.startedAt = service.clock.now();
  }

  /** Takes the stream over from the handshake, and answers that. */
  begin(): void {
    const { stream, component, service } = this;
    stream.handler = this;
    stream.limits = limitsOf(component.options.stanza_size);
    component.connection = this;
    stream.write("<handshake/>");
    this.#stopKeepingAlive = service.clock.every(component.options.keep_alive, () => this.#keepAliveIfSilent());
    service.log.info("component-connected", { component: component.domain, address: stream.transport.remoteAddress });
  }

  opened(): never {
    throw new StreamError("bad-format", "The stream is open already.");
  }

  received(fragment: Fragment): void {
    const { name, namespace } = fragment;
    if (namespace === streamsNamespace && name === "error") return this.#giveUp(fragment);
    if (namespace !== NAMESPACES.client || !kinds.has(name)) throw new StreamError("unsupported-stanza-type");
    const stanza = this.#stanzaOf(fragment, name as StanzaKind);
    if (stanza === undefined) return;
    const { router, trace, traffic } = this.service;
    if (trace.isActive) trace.received(stanza, this.component.domain);
    traffic.received.count(stanza.kind);
    router.route(stanza);
  }

  send(stanza: Stanza): void {
    const { trace, traffic } = this.service;
    if (trace.isActive) trace.sent(stanza, this.component.domain);
    traffic.sent.count(stanza.kind);
    this.#hasSent = true;
    this.stream.send(stanza);
    if (this.stream.outbox.bytes > this.component.options.outbox_size) this.overflowed();
  }

  keepAlive(): void {
    this.stream.keepAlive();
  }

  failing({ condition, message }: StreamError): void {
    this.#reason = condition === message ? condition : `${condition}: ${message}`;
  }

  closing(unsent: readonly Stanza[]): void {
    this.closed(unsent);
  }

  closed(unsent: readonly Stanza[]): void {
    const { component, service } = this;
    if (component.connection === this) {
      component.connection = undefined;
      this.#stopKeepingAlive();
      service.log.info("component-closed", { component: component.domain, reason: this.#reason });
    }
    component.returnUnsent(unsent);
  }

  overflowed(): void {
    this.stream.fail(new StreamError("policy-violation", "Too much is waiting to be read."));
  }

  /** Undefined when the stanza has been answered with an error. Throws the StreamError that a wrong address deserves. */
  #stanzaOf(fragment: Fragment, kind: StanzaKind): Stanza | undefined {
    const from = this.#senderOf(fragment);
    // XEP-0114 §3: both addresses must be there, as between servers (RFC 6120 §4.9.3.7)
    if (fragment.to === undefined) throw new StreamError("improper-addressing", "A stanza needs a 'to'.");
    // RFC 6120 §8.1.5: what says no language of its own has that of the stream
    const lang = fragment.lang ?? (kind === "iq" ? undefined : this.stream.lang);
    let stanza: Stanza | undefined;
    try {
      stanza = Stanza.received(kind, fragment, Jid.parse(fragment.to), from, lang);
      checkStanza(stanza);
      return stanza;
    } catch (error) {
      this.#refuse(stanza ?? Stanza.received(kind, fragment, Jid.parse(this.component.domain), from), error);
      return undefined;
    }
  }

  /** XEP-0114 §3: any address of its domain, and no other. */
  #senderOf({ from }: Fragment): Jid {
    if (from === undefined) throw new StreamError("improper-addressing", "A stanza needs a 'from'.");
    const { domain } = this.component;
    const jid = parsed(from);
    if (jid?.domain !== domain) throw new StreamError("invalid-from", `A stanza's 'from' must be of ${domain}.`);
    return jid;
  }

  #refuse(stanza: Stanza, error: unknown): void {
    const refusal = error instanceof JidMalformed ? new StanzaError("jid-malformed", { text: error.message }) : error;
    if (!(refusal instanceof StanzaError)) throw error;
    // RFC 6120 §8.3.1: no error in answer to an error
    if (!isUnanswerable(stanza)) this.send(errorFor(stanza, refusal));
  }

  /** RFC 6120 §4.9.1.1: the component has found the stream to be at fault, and it is over. */
  #giveUp(fragment: Fragment): void {
    const [condition] = fragment.children;
    this.#reason = `told of ${condition?.name ?? "an error"}`;
    this.stream.close();
  }

  #keepAliveIfSilent(): void {
    if (!this.#hasSent) this.keepAlive();
    this.#hasSent = false;
  }
}

function parsed(address: string): Jid | undefined {
  try {
    return Jid.parse(address);
  } catch (error) {
    if (error instanceof JidMalformed) return undefined;
    throw error;
  }
}
