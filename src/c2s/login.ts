// SASL on a client's stream (RFC 6120 §6): the elements; what they mean is for src/auth/.
import type { PeerCertificate } from "node:tls";
import type { Identity, SaslChannel, SaslCondition, SaslExchange, SaslStep } from "../auth/identity.js";
import type { ChannelBindingType, Transport } from "../net/transport.js";
import { StreamError } from "../stream/stream-error.js";
import type { Stream } from "../stream/stream.js";
import { escapeText } from "../xml/escape.js";
import type { Fragment } from "../xml/fragment.js";
import { NAMESPACES } from "../xml/namespaces.js";
import type { ClientHost } from "./client-host.js";

/**
 * Tries on one stream: the first and five more, the most that RFC 6120 §6.4.5 recommends. Fewer would shut out slixmpp 1.8,
 * which on TLS 1.3 fails with each SCRAM in turn (it knows tls-unique only) before it comes to PLAIN.
 */
const mostFailures = 6;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export class Login {
  readonly #channel: SaslChannel;
  #exchange: SaslExchange | undefined;
  #failures = 0;

  constructor(
    private readonly stream: Stream,
    private readonly host: ClientHost,
    /** False for an identity other than the one that the stream header announced (§6.4.6). */
    private readonly isExpected: (identity: Identity) => boolean,
    private readonly succeeded: (identity: Identity) => void,
  ) {
    this.#channel = new StreamChannel(stream.transport);
  }

  /** The offer of mechanisms (RFC 6120 §6.3.3), with the channel bindings that -PLUS can use (XEP-0440). */
  get offer(): string {
    const { authenticator } = this.host;
    const mechanisms = authenticator.mechanisms(this.#channel).map((name) => `<mechanism>${name}</mechanism>`);
    const bindings = authenticator.channelBindings(this.#channel).map((type) => `<channel-binding type='${type}'/>`);
    const announced =
      bindings.length === 0
        ? ""
        : `<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>${bindings.join("")}</sasl-channel-binding>`;
    return `<mechanisms xmlns='${NAMESPACES.sasl}'>${mechanisms.join("")}</mechanisms>${announced}`;
  }

  received(fragment: Fragment): void {
    if (fragment.name === "auth") this.#begin(fragment);
    else if (fragment.name === "response") this.#goOn(fragment);
    else if (fragment.name === "abort") this.#fail("aborted");
    else throw new StreamError("unsupported-stanza-type");
  }

  /** RFC 6120 §6.4.2. An empty initial response is "=", none is nothing. */
  #begin(fragment: Fragment): void {
    this.#exchange = undefined; // §6.4.2: whatever was under way is discarded
    const mechanism = String(fragment.element().attrs["mechanism"] ?? "");
    const exchange = this.host.authenticator.begin(mechanism, this.#channel);
    if (exchange === undefined) return this.#fail("invalid-mechanism");
    const text = fragment.element().getText();
    const initial = text === "" ? undefined : decode(text);
    if (initial === null) return this.#fail("incorrect-encoding");
    this.#exchange = exchange;
    this.#await(exchange.start(initial));
  }

  /** RFC 6120 §6.4.3. */
  #goOn(fragment: Fragment): void {
    if (this.#exchange === undefined) return this.#fail("malformed-request", "No exchange is under way.");
    const response = decode(fragment.element().getText());
    if (response === null) return this.#fail("incorrect-encoding");
    this.#await(this.#exchange.respond(response ?? Buffer.alloc(0)));
  }

  /** Nothing else of this stream is read while the step is computed. */
  #await(step: Promise<SaslStep>): void {
    this.stream.pause();
    step
      .then((result) => this.#take(result))
      .catch((error: unknown) => {
        if (error instanceof StreamError) return this.stream.fail(error);
        this.host.local.log.error("login-failed", { error });
        this.#fail("temporary-auth-failure");
      })
      .finally(() => this.stream.resume());
  }

  #take(step: SaslStep): void {
    if (step.kind === "failure") return this.#fail(step.condition, step.text);
    const data = step.data === undefined ? "" : step.data.toString("base64") || "=";
    if (step.kind === "challenge")
      return this.stream.write(`<challenge xmlns='${NAMESPACES.sasl}'>${data}</challenge>`);
    if (!this.isExpected(step.identity)) {
      throw new StreamError("invalid-from", "The stream was opened in the name of somebody else.");
    }
    this.stream.write(`<success xmlns='${NAMESPACES.sasl}'>${data}</success>`);
    this.succeeded(step.identity);
  }

  #fail(condition: SaslCondition, text?: string): void {
    this.#exchange = undefined;
    this.host.countFailure(condition);
    const words = text === undefined ? "" : `<text xml:lang='en'>${escapeText(text)}</text>`;
    this.stream.write(`<failure xmlns='${NAMESPACES.sasl}'><${condition}/>${words}</failure>`);
    if ((this.#failures += 1) < mostFailures) return;
    this.stream.fail(new StreamError("policy-violation", "Too many failed attempts to log in."));
  }
}

/** The stream's connection as SASL sees it. Bindings are asked for several times in a login, and computed once. */
class StreamChannel implements SaslChannel {
  readonly #bindings = new Map<ChannelBindingType, Buffer | undefined>();

  constructor(private readonly transport: Transport) {}

  get isSecure(): boolean {
    return this.transport.tls !== undefined || this.transport.isTrusted;
  }

  get remoteAddress(): string {
    return this.transport.remoteAddress;
  }

  channelBinding(type: ChannelBindingType): Buffer | undefined {
    if (!this.#bindings.has(type)) this.#bindings.set(type, this.transport.tls?.channelBinding(type));
    return this.#bindings.get(type);
  }

  clientCertificate(): PeerCertificate | undefined {
    return this.transport.tls?.clientCertificate();
  }
}

/** Undefined for "=", which is empty data; null for what is no base64 (RFC 4648 §4, no white space). */
function decode(text: string): Buffer | null {
  if (text === "=") return Buffer.alloc(0);
  return base64.test(text) ? Buffer.from(text, "base64") : null;
}
