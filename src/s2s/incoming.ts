// The streams that other servers open to us: TLS, proof of who they are, then a link (RFC 6120 §4–6, XEP-0178, XEP-0220).
import type { Stanza } from "../stanza/stanza.js";
import { streamsNamespace } from "../stream/framing.js";
import { StreamError } from "../stream/stream-error.js";
import type { Stream } from "../stream/stream.js";
import type { StreamHandler } from "../stream/stream-parts.js";
import type { Fragment } from "../xml/fragment.js";
import { NAMESPACES } from "../xml/namespaces.js";
import type { StreamOpening } from "../xml/opening.js";
import { answerVerify } from "./authority.js";
import { isBroken } from "./broken.js";
import { DialbackRequests } from "./dialback-requests.js";
import { bidirectional, dialbackOf, isFarewell, isGivingUp, wordsOf } from "./elements.js";
import { endOfIncoming } from "./endings.js";
import type { Federation } from "./federation.js";
import { incomingFeatures } from "./incoming-features.js";
import { domainsOf, refusalOf } from "./incoming-header.js";
import { takeManagement } from "./incoming-management.js";
import { IncomingProof } from "./incoming-proof.js";
import { certificateProblem, judgeCertificate, startTls } from "./incoming-tls.js";
import { Link, type Proven } from "./link.js";
import { managementNamespace } from "./management.js";
import { FederationFailure } from "./reason.js";
import type { Proof } from "./trust.js";

/** Milliseconds that we leave the other side to turn acknowledgements on, before we send anything on its stream. */
const settlingTime = 2_000;

export class Incoming implements StreamHandler {
  link: Link | undefined;
  /** What the header says: our domain, and theirs. */
  local: string | undefined;
  remote: string | undefined;
  provenBy: Proven = "nothing";
  isBidirectional = false;
  /** What their certificate proves. */
  proof: Proof = { by: "nothing", problem: undefined };
  /** Why it will have ended, as far as that is known. */
  failure: FederationFailure | undefined;
  readonly #external = new IncomingProof(this);
  readonly #dialback: DialbackRequests;
  #isOver = false;
  #isSettled = false;
  /** They came to ask whether a key is ours: such streams end without any proof. */
  #hasAsked = false;
  readonly #cancelTimeout: () => void;

  constructor(
    readonly stream: Stream,
    readonly federation: Federation,
  ) {
    stream.handler = this;
    const { clock, limits } = federation;
    this.#cancelTimeout = clock.after(limits.negotiation_timeout, () => this.#timeOut());
    this.#dialback = new DialbackRequests(this, federation);
  }

  get isAuthenticatedBySasl(): boolean {
    return this.#external.hasSucceeded;
  }

  get pairs(): ReadonlySet<string> {
    return this.link?.pairs ?? noPairs;
  }

  /** RFC 6120 §4.7: judges the header, answers it, and offers what can come next. */
  opened(opening: StreamOpening): void {
    const { local, remote } = domainsOf(opening, this.federation);
    if (this.isAuthenticatedBySasl && (remote !== this.remote || local !== this.local))
      throw new StreamError("invalid-from", "The stream was proven to be for other domains.");
    this.local = local;
    this.remote = remote;
    this.stream.open(local, remote);
    if (remote !== undefined) this.#refuseUnwanted(local, remote);
    judgeCertificate(this, () => this.stream.features(incomingFeatures(this)));
  }

  received(fragment: Fragment): void {
    if (this.link !== undefined && this.#takeByLink(this.link, fragment)) return;
    const { namespace, name } = fragment;
    if (namespace === NAMESPACES.dialback) this.#receiveOfDialback(fragment);
    else if (namespace === NAMESPACES.tls && name === "starttls") startTls(this);
    else if (namespace === NAMESPACES.sasl) this.#external.take(fragment);
    else if (namespace === bidirectional.request) this.#turnBidirectional();
    else if (namespace === managementNamespace) takeManagement(this, fragment);
    else if (namespace === streamsNamespace && name === "error") this.#receiveError(fragment);
    else this.#refuse(fragment);
  }

  closing(unsent: readonly Stanza[]): void {
    this.#over(unsent);
  }

  closed(unsent: readonly Stanza[]): void {
    this.#over(unsent);
  }

  overflowed(): void {
    this.stream.fail(new StreamError("policy-violation", "Too much is waiting to be read."));
  }

  drained(): void {
    this.link?.drained();
  }

  /** A pair was proven by dialback. What the header claimed to be the pair counts no more. */
  accepted(sender: string, target: string, by: Proven): void {
    if (this.link === undefined) [this.remote, this.local] = [sender, target];
    this.prove(sender, target, by);
  }

  /** Another stream has taken this one's place. */
  supersede(): void {
    this.stream.fail(new StreamError("conflict", "Another stream has taken the place of this one."));
  }

  #refuseUnwanted(local: string, remote: string): void {
    const refusal = refusalOf(this.federation, local, remote);
    if (refusal === undefined) return;
    this.failure = refusal;
    throw new StreamError("policy-violation", refusal.message);
  }

  /** XEP-0288 §2.2: before either side has proven anything. */
  #turnBidirectional(): void {
    if (this.link !== undefined || !this.federation.limits.bidirectional)
      throw new StreamError("unsupported-stanza-type");
    this.isBidirectional = true;
  }

  #receiveOfDialback(fragment: Fragment): void {
    const element = dialbackOf(fragment);
    if (element === undefined) throw new StreamError("improper-addressing");
    // XEP-0220 §5 (unsolicited dialback): we ask nothing on streams of others, so nothing is answered
    if (element.type !== undefined) return this.federation.journal.unsolicited(this.stream, element);
    if (element.name === "result") return this.#dialback.take(element);
    this.#hasAsked = true;
    this.stream.write(answerVerify(element, this.federation));
  }

  /** They may send for this domain to that one. */
  prove(sender: string, target: string, by: Proven): void {
    this.#cancelTimeout();
    this.provenBy = by;
    this.stream.limits = this.federation.readerLimits.authenticated;
    const isFirst = this.link === undefined;
    const link = (this.link ??= new Link(this.stream, this.federation, target, sender));
    link.allow(sender, target);
    this.federation.proven(this, sender, target);
    if (isFirst && this.isBidirectional) this.federation.clock.after(settlingTime, () => this.settle());
  }

  /** Acknowledgements are on, or will not be: what waits for the other side may take this stream. */
  settle(): void {
    if (this.#isSettled || this.#isOver || !this.isBidirectional) return;
    this.#isSettled = true;
    if (this.link !== undefined) this.federation.pair(this.link.local, this.link.remote).adopt(this.link);
  }

  #takeByLink(link: Link, fragment: Fragment): boolean {
    const isTaken = link.take(fragment);
    if (isTaken && !this.#isSettled) this.settle();
    return isTaken;
  }

  #receiveError(fragment: Fragment): void {
    const words = wordsOf(fragment.element());
    this.stream.isEndedByPeer = !isGivingUp(words);
    this.failure = new FederationFailure("stream-error", `The other side ended the stream: ${words}.`);
    if (isFarewell(words) && this.link !== undefined) return this.link.follow();
    this.link?.management?.doubt();
    this.stream.close();
  }

  #refuse({ namespace, name }: Fragment): never {
    const isStanza = namespace === NAMESPACES.client && /^(message|presence|iq)$/.test(name);
    // RFC 6120 §4.9.3.12: stanzas before authentication
    throw new StreamError(isStanza ? "not-authorized" : "unsupported-stanza-type");
  }

  #timeOut(): void {
    this.failure ??= new FederationFailure("stream-timeout", "The other side did not prove who it is in time.");
    this.stream.fail(new StreamError("connection-timeout", "Proving who you are took too long."));
  }

  #over(unsent: readonly Stanza[]): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelTimeout();
    const failure = this.failure ?? endOfIncoming(this.stream);
    if (this.link === undefined) {
      if (!this.#hasAsked || this.stream.failure !== undefined)
        this.federation.journal.rejected(this, certificateProblem(this) ?? failure);
      return;
    }
    this.federation.managed.ended(this, !isBroken(this.stream));
    this.federation.ended(this.link, unsent, failure, false);
  }
}

const noPairs: ReadonlySet<string> = new Set();
