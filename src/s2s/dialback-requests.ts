// The receiving server's part of dialback: who asks to send for a domain is asked after there (XEP-0220 §2.2.1, XEP-0344).
import { StanzaError, type StanzaCondition } from "../stanza/stanza-error.js";
import type { Stream } from "../stream/stream.js";
import { dialback, type DialbackElement, dialbackError } from "./elements.js";
import type { Federation } from "./federation.js";
import type { Proven } from "./link.js";
import { asFailure, type FederationFailure } from "./reason.js";

/** Questions to other servers that one stream may cause at one time. */
const mostPending = 10;

export interface DialbackAsker {
  readonly stream: Stream;
  /** Pairs that are accepted on the stream already. */
  readonly pairs: ReadonlySet<string>;
  accepted(sender: string, target: string, by: Proven): void;
}

export class DialbackRequests {
  readonly #pending = new Set<string>();

  constructor(
    private readonly asker: DialbackAsker,
    private readonly federation: Federation,
  ) {}

  /** Takes a <db:result/> with a key. */
  take(request: DialbackElement): void {
    const pair = `${request.from} ${request.to}`;
    if (this.asker.pairs.has(pair)) return this.#answer(request, "valid");
    if (this.#pending.has(pair)) return; // the answer to the first is one to both
    const refusal = this.#refusal(request);
    if (refusal !== undefined) return this.#refuse(request, refusal);
    this.#pending.add(pair);
    this.#prove(request)
      .then((by) => this.#accept(request, by))
      .catch((error: unknown) => this.#failed(request, error))
      .finally(() => this.#pending.delete(pair));
  }

  /** What can be said without asking anybody (the conditions are those of XEP-0220 §2.5). */
  #refusal({ from, to }: DialbackElement): Refusal | undefined {
    const { federation, asker } = this;
    if (!federation.serves(to)) return new Refusal("item-not-found", `${to} is not served here.`);
    if (federation.serves(from)) return new Refusal("policy-violation", `${from} is served here.`);
    const { refusal, requiresTls } = federation.policy(to, from);
    if (refusal !== undefined) return new Refusal("policy-violation", refusal.message, refusal.code);
    if (requiresTls && asker.stream.transport.tls === undefined)
      return new Refusal("policy-violation", "Start TLS before dialback.");
    const mostPairs = federation.limits.domains_per_stream;
    if (asker.pairs.size >= mostPairs || this.#pending.size >= mostPending)
      return new Refusal("resource-constraint", "Too many domains on one stream.");
    return undefined;
  }

  /** XEP-0344 §2.4: a certificate that is made out to the domain makes the question unnecessary. Throws the reason why not. */
  async #prove({ from, to, key }: DialbackElement): Promise<Proven> {
    const { federation, asker } = this;
    const policy = federation.policy(to, from);
    const { by, problem } = await federation.trust.judge(
      asker.stream.transport.tls?.peerCertificates() ?? [],
      from,
      "peer",
    );
    if (by !== "nothing") return "dialback with certificate";
    if (policy.requiresCertificate)
      throw new Refusal("not-authorized", problem?.message ?? "No certificate.", problem?.code);
    if (!policy.allowsDialback) throw new Refusal("policy-violation", "Dialback is not enough here.");
    const isValid = await federation.verify(to, from, asker.stream.id, key);
    if (isValid) return "dialback";
    throw new Refusal("forbidden", `The server of ${from} says that the key is not its.`, "dialback-invalid");
  }

  #accept(request: DialbackElement, by: Proven): void {
    if (this.asker.stream.isClosing) return;
    this.asker.accepted(request.from, request.to, by);
    this.#answer(request, "valid");
  }

  #failed(request: DialbackElement, error: unknown): void {
    if (!(error instanceof Refusal)) return this.#couldNotAsk(request, asFailure(error));
    // XEP-0220 §2.2.1: an invalid key ends the stream, unless it serves other pairs
    if (error.condition !== "forbidden" || this.asker.pairs.size > 0) return this.#refuse(request, error);
    this.federation.journal.refused(this.asker.stream, request, error.reason, error.message);
    this.#answer(request, "invalid");
    this.asker.stream.close();
  }

  /** Why is for the log: who has proved nothing must not learn from us what there is at addresses that their DNS names. */
  #couldNotAsk(request: DialbackElement, failure: FederationFailure): void {
    this.federation.journal.refused(this.asker.stream, request, failure.code, failure.message);
    this.#sendError(request, conditionOf(failure), `The server of ${request.from} could not be asked.`);
  }

  #answer({ from, to }: DialbackElement, type: "valid" | "invalid"): void {
    this.asker.stream.write(dialback("result", { from: to, to: from, type }));
  }

  #refuse(request: DialbackElement, { condition, message, reason }: Refusal): void {
    this.federation.journal.refused(this.asker.stream, request, reason, message);
    this.#sendError(request, condition, message);
  }

  #sendError({ from, to }: DialbackElement, condition: StanzaCondition, text: string): void {
    const error = dialbackError(new StanzaError(condition, { text }));
    this.asker.stream.write(dialback("result", { from: to, to: from, type: "error" }, error));
  }
}

/** Why somebody may not send for a domain. */
class Refusal extends StanzaError {
  constructor(
    condition: StanzaCondition,
    text: string,
    /** For the log: a code of reason.ts where there is one. */
    readonly reason: string = condition,
  ) {
    super(condition, { text });
  }
}

/** XEP-0220 §2.5: what it means that the other server could not be asked. */
function conditionOf({ code }: FederationFailure): StanzaCondition {
  const isNotFound = code === "dns-not-found" || code === "dns-no-service" || code === "host-unknown";
  // an error instead of an answer ("dialback-failed") is not found, too: §2.5, second paragraph
  return isNotFound || code === "dialback-failed" ? "remote-server-not-found" : "remote-server-timeout";
}
