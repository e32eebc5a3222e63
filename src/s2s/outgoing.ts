// The streams that we open to other servers: TLS, proof of who both are, then a link (RFC 6120 §4–6, XEP-0178, XEP-0220).
import { StreamError } from "../stream/stream-error.js";
import type { Stream } from "../stream/stream.js";
import type { StreamHandler } from "../stream/stream-parts.js";
import { checkHeader } from "../stream/check-header.js";
import { streamsNamespace } from "../stream/framing.js";
import type { Stanza } from "../stanza/stanza.js";
import type { Fragment } from "../xml/fragment.js";
import { NAMESPACES } from "../xml/namespaces.js";
import type { StreamOpening } from "../xml/opening.js";
import { answerVerify } from "./authority.js";
import { bidi, type DialbackElement, dialbackOf, isFarewell, isGivingUp, startTls, wordsOf } from "./elements.js";
import { endOfOutgoing } from "./endings.js";
import type { Federation } from "./federation.js";
import { featuresOf, type ServerFeatures } from "./features.js";
import { Link, type Proven } from "./link.js";
import { managementNamespace } from "./management.js";
import type { OutgoingJob, OutgoingResult } from "./outgoing-job.js";
import { OutgoingManagement } from "./outgoing-management.js";
import { OutgoingProof } from "./outgoing-proof.js";
import { judgeCertificate, refusalOf, takeTlsAnswer } from "./outgoing-tls.js";
import { FederationFailure } from "./reason.js";
import type { Proof } from "./trust.js";

type Step = "header" | "features" | "tls" | "proof" | "management" | "ready" | "over";

export class Outgoing implements StreamHandler {
  link: Link | undefined;
  /** How they know us, and how we know them. */
  ourProof: Proven = "nothing";
  theirProof: Proof = { by: "nothing", problem: undefined };
  isBidirectional = false;
  /** Settles once; rejects with a FederationFailure. */
  readonly result: Promise<OutgoingResult>;
  #settle!: { resolve(result: OutgoingResult): void; reject(failure: FederationFailure): void };
  #step: Step = "header";
  #failure: FederationFailure | undefined;
  #features: ServerFeatures | undefined;
  #hasDialbackNamespace = false;
  readonly #proof: OutgoingProof;
  #management: OutgoingManagement | undefined;
  #streamId = "";
  readonly #cancelTimeout: () => void;

  constructor(
    readonly stream: Stream,
    private readonly federation: Federation,
    readonly job: OutgoingJob,
  ) {
    this.result = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    stream.handler = this;
    this.#proof = new OutgoingProof(stream, federation, job, this);
    const { clock, limits } = federation;
    this.#cancelTimeout = clock.after(limits.negotiation_timeout, () => this.#timeOut());
  }

  /** Sends our header; in TLS from the first byte, judges the certificate first. */
  begin(): void {
    this.stream.start();
    if (this.stream.transport.tls === undefined) this.open();
    else judgeCertificate(this, this.federation);
  }

  opened(opening: StreamOpening): void {
    if (this.#step !== "header") throw new StreamError("bad-format", "The stream is open already.");
    checkHeader(opening, NAMESPACES.server);
    this.#streamId = opening.id ?? "";
    this.#hasDialbackNamespace = [...opening.prefixes.values()].includes(NAMESPACES.dialback);
    this.#step = "features";
  }

  received(fragment: Fragment): void {
    if (this.#step === "ready" && this.link?.take(fragment) === true) return;
    if (fragment.namespace === streamsNamespace) this.#receiveOfStream(fragment);
    else if (fragment.namespace === NAMESPACES.tls && this.#step === "tls")
      takeTlsAnswer(this, this.federation, fragment);
    else if (fragment.namespace === NAMESPACES.sasl) this.#proof.receivedOfSasl(fragment);
    else if (fragment.namespace === NAMESPACES.dialback) this.#receiveOfDialback(fragment);
    else if (fragment.namespace === managementNamespace && this.#management) this.#management.received(fragment);
    else throw new StreamError("unsupported-stanza-type", `<${fragment.name}/> at this time.`);
  }

  closing(unsent: readonly Stanza[]): void {
    this.#over(unsent);
  }

  closed(unsent: readonly Stanza[]): void {
    this.#over(unsent);
  }

  /** Pairs stop before: see Link.isFull. */
  overflowed(): void {
    this.stream.fail(new StreamError("policy-violation", "Too much is waiting to be read."));
  }

  drained(): void {
    this.link?.drained();
  }

  /** Nobody wants it any more. */
  abandon(): void {
    this.refused(new FederationFailure("connection-lost", "The attempt was given up."));
  }

  /** Sends our header, for the first time or once more. */
  open(): void {
    this.#step = "header";
    this.stream.begin(this.job.local, this.job.remote);
  }

  #receiveOfStream(fragment: Fragment): void {
    if (fragment.name === "error") this.#receiveError(fragment);
    else if (fragment.name === "features" && this.#step === "features") this.#choose(featuresOf(fragment.element()));
    else throw new StreamError("unsupported-stanza-type", `<${fragment.name}/> at this time.`);
  }

  #receiveError(fragment: Fragment): void {
    const words = wordsOf(fragment.element());
    this.stream.isEndedByPeer = !isGivingUp(words);
    const code = words.startsWith("host-unknown") ? "host-unknown" : "stream-error";
    this.#failure = new FederationFailure(code, `The server of ${this.job.remote} ended the stream: ${words}.`);
    if (isFarewell(words) && this.link !== undefined) return this.link.follow();
    this.link?.management?.doubt();
    this.stream.close();
  }

  /** What comes next of what they offer (RFC 6120 §4.3.2): TLS first, then both prove who they are. */
  #choose(features: ServerFeatures): void {
    const isEncrypted = this.stream.transport.tls !== undefined;
    this.job.watch?.({ step: "stream", isEncrypted, features });
    this.#features = features;
    if (this.ourProof !== "nothing") return this.#manage(features);
    if (!isEncrypted && features.tls !== undefined) return this.#startTls();
    const refusal = refusalOf(this);
    if (refusal !== undefined) return this.refused(refusal);
    this.#askForBidi(features);
    this.#step = "proof";
    const hasDialback = features.hasDialback || this.#hasDialbackNamespace;
    this.#proof.begin({ ...features, hasDialback }, this.#streamId);
  }

  #startTls(): void {
    this.#step = "tls";
    this.stream.write(startTls);
  }

  /** XEP-0288 §2.2: before authentication. What comes that way is as good as the proof that it is the domain's server. */
  #askForBidi({ hasBidi }: ServerFeatures): void {
    const { policy } = this.job;
    const isTrusted = this.theirProof.by !== "nothing" || (policy.allowsDialback && !policy.requiresCertificate);
    const isWanted = this.federation.limits.bidirectional && this.job.verify === undefined;
    if (this.isBidirectional || !hasBidi || !isTrusted || !isWanted) return;
    this.isBidirectional = true;
    this.stream.write(bidi);
  }

  /** They know who we are. After SASL the stream is opened anew (RFC 6120 §6.4.6), after dialback it is not. */
  proven(by: "certificate" | "dialback"): void {
    this.ourProof = by;
    this.stream.limits = this.federation.readerLimits.authenticated;
    if (by === "dialback") return this.#manage(this.#features);
    this.stream.restart();
    this.open();
  }

  judged(isValid: boolean): void {
    this.#step = "over";
    this.#cancelTimeout();
    this.#settle.resolve({ kind: "verdict", isValid });
    this.stream.close();
  }

  refused(failure: FederationFailure): void {
    this.#failure = failure;
    this.stream.close();
  }

  #receiveOfDialback(fragment: Fragment): void {
    const element = dialbackOf(fragment);
    if (element === undefined) throw new StreamError("improper-addressing");
    if (element.type === undefined) this.#answerDialback(element);
    else this.#proof.receivedOfDialback(element, fragment);
  }

  /** Over a bidirectional stream the other side may ask, too (XEP-0288 §2.2); pairs are not added that way. */
  #answerDialback(element: DialbackElement): void {
    if (!this.isBidirectional || this.#step !== "ready") throw new StreamError("not-authorized");
    this.stream.write(answerVerify(element, this.federation));
  }

  /** The last step: acknowledgements, where the other side knows them. */
  #manage(features: ServerFeatures | undefined): void {
    const link = new Link(this.stream, this.federation, this.job.local, this.job.remote);
    this.link = link;
    // XEP-0478 §4: after dialback no new features say what is taken from now on, and the former limit was for strangers
    link.mostBytes = (this.ourProof === "dialback" ? undefined : features?.mostBytes) ?? Infinity;
    if (this.isBidirectional) link.allow(this.job.remote, this.job.local);
    if (features?.hasManagement !== true || !this.federation.limits.stream_management) return this.#ready(false);
    this.#step = "management";
    const ready = (isResumed: boolean): void => this.#ready(isResumed);
    this.#management = new OutgoingManagement(link, this.federation, this.job.resumable, ready);
    this.#management.begin();
  }

  #ready(isResumed: boolean): void {
    if (this.link === undefined) return;
    this.#step = "ready";
    this.#cancelTimeout();
    this.#settle.resolve({ kind: "link", link: this.link, isResumed });
  }

  #timeOut(): void {
    const { remote } = this.job;
    const stage = this.#step === "header" ? "does not answer" : "took too long to agree on a stream";
    this.#failure ??= new FederationFailure(
      "stream-timeout",
      `The server of ${remote} accepts connections, but ${stage}.`,
    );
    this.stream.fail(new StreamError("connection-timeout"));
  }

  #over(unsent: readonly Stanza[]): void {
    if (this.#step === "over") return;
    const wasReady = this.#step === "ready";
    const stage = wasReady ? "ready" : this.#streamId === "" ? "unanswered" : "answered";
    this.#step = "over";
    this.#cancelTimeout();
    const failure = this.#failure ?? this.#proof.refusal ?? endOfOutgoing(this.stream, this.job.remote, stage);
    if (wasReady && this.link !== undefined) this.federation.ended(this.link, unsent, failure, true);
    else this.#settle.reject(failure);
  }
}
