// The streams that other servers open to us: TLS, proof of who they are, then a link (RFC 6120 §4–6, XEP-0178, XEP-0220).
import { randomBytes } from "node:crypto";
import type { Stanza } from "../stanza/stanza.js";
import { checkHeader } from "../stream/check-header.js";
import { streamsNamespace } from "../stream/framing.js";
import { StreamError } from "../stream/stream-error.js";
import type { Stream } from "../stream/stream.js";
import type { StreamHandler } from "../stream/stream-parts.js";
import { escapeAttribute } from "../xml/escape.js";
import type { Fragment } from "../xml/fragment.js";
import { NAMESPACES } from "../xml/namespaces.js";
import type { StreamOpening } from "../xml/opening.js";
import { answerVerify } from "./authority.js";
import { isBroken } from "./broken.js";
import { DialbackRequests } from "./dialback-requests.js";
import { bidirectional, dialbackOf, domainOf, isFarewell, isGivingUp, wordsOf } from "./elements.js";
import type { Federation } from "./federation.js";
import { incomingFeatures } from "./incoming-features.js";
import { Link, type Proven } from "./link.js";
import { Management, managementNamespace } from "./management.js";
import { FederationFailure } from "./reason.js";
import type { Proof } from "./trust.js";

/** Attempts to prove who they are by SASL on one stream. */
const mostAttempts = 3;
/** Milliseconds that we leave the other side to turn acknowledgements on, before we send anything on its stream. */
const settlingTime = 2_000;

export class Incoming implements StreamHandler {
  link: Link | undefined;
  /** What the header says: our domain, and theirs. */
  local: string | undefined;
  remote: string | undefined;
  provenBy: Proven = "nothing";
  isBidirectional = false;
  isAuthenticatedBySasl = false;
  proof: Proof = { by: "nothing", problem: undefined };
  readonly #dialback: DialbackRequests;
  #attempts = 0;
  #isOver = false;
  #failure: FederationFailure | undefined;
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

  get pairs(): ReadonlySet<string> {
    return this.link?.pairs ?? noPairs;
  }

  /** RFC 6120 §4.7: judges the header, answers it, and offers what can come next. */
  opened(opening: StreamOpening): void {
    checkHeader(opening, NAMESPACES.server);
    const local = this.#targetOf(opening.to);
    const remote = opening.from === undefined ? undefined : domainOf(opening.from);
    if (opening.from !== undefined && remote === undefined)
      throw new StreamError("invalid-from", "The 'from' is no domain.");
    if (this.isAuthenticatedBySasl && (remote !== this.remote || local !== this.local))
      throw new StreamError("invalid-from", "The stream was proven to be for other domains.");
    this.local = local;
    this.remote = remote;
    this.stream.open(local, remote);
    if (remote !== undefined) this.#refuseUnwanted(local, remote);
    this.#judge(remote, () => this.stream.features(incomingFeatures(this)));
  }

  received(fragment: Fragment): void {
    if (this.link !== undefined && this.#takeByLink(this.link, fragment)) return;
    const { namespace, name } = fragment;
    if (namespace === NAMESPACES.dialback) this.#receiveOfDialback(fragment);
    else if (namespace === NAMESPACES.tls && name === "starttls") this.#startTls();
    else if (namespace === NAMESPACES.sasl) this.#receiveOfSasl(fragment);
    else if (namespace === bidirectional.request) this.#turnBidirectional();
    else if (namespace === managementNamespace) this.#receiveOfManagement(fragment);
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
    this.#prove(sender, target, by);
  }

  /** Another stream has taken this one's place. */
  supersede(): void {
    this.stream.fail(new StreamError("conflict", "Another stream has taken the place of this one."));
  }

  #targetOf(to: string | undefined): string {
    if (to === undefined) throw new StreamError("improper-addressing", "The stream header needs a 'to'.");
    const domain = domainOf(to);
    if (domain !== undefined && this.federation.serves(domain)) return domain;
    throw new StreamError("host-unknown", "This domain is not served here.");
  }

  #refuseUnwanted(local: string, remote: string): void {
    if (this.federation.serves(remote)) throw new StreamError("invalid-from", `${remote} is served here.`);
    const { refusal } = this.federation.policy(local, remote);
    if (refusal === undefined) return;
    this.#failure = refusal;
    throw new StreamError("policy-violation", refusal.message);
  }

  /** Nothing more is read until we know what to make of the certificate. */
  #judge(remote: string | undefined, then: () => void): void {
    const { tls } = this.stream.transport;
    if (tls === undefined || remote === undefined || this.isAuthenticatedBySasl) return then();
    this.stream.pause();
    this.federation.trust
      .judge(tls.peerCertificates(), remote, "peer")
      .then((proof) => {
        this.proof = proof;
        then();
      })
      .catch((error: unknown) => this.federation.journal.fault(this.stream, error))
      .finally(() => this.stream.resume());
  }

  #startTls(): void {
    if (this.stream.transport.tls !== undefined || this.link !== undefined || this.local === undefined) {
      // RFC 6120 §5.4.2.2: failure, and the stream ends
      this.stream.write(`<failure xmlns='${NAMESPACES.tls}'/>`);
      return this.stream.close();
    }
    this.stream.startTls(this.local).catch((error: unknown) => {
      const { remoteAddress } = this.stream.transport;
      this.federation.journal.log.debug("tls-failed", { address: remoteAddress, error });
    });
  }

  /** XEP-0178 §3: the certificate was judged when the stream was opened; who is meant has been said by `from`. */
  #receiveOfSasl(fragment: Fragment): void {
    const { remote, local } = this;
    if (this.isAuthenticatedBySasl || fragment.name !== "auth") throw new StreamError("unsupported-stanza-type");
    if (remote === undefined || local === undefined || this.proof.by === "nothing")
      return this.#failSasl("invalid-mechanism");
    if (fragment.element().attrs["mechanism"] !== "EXTERNAL") return this.#failSasl("invalid-mechanism");
    const text = fragment.element().getText().trim();
    if (!isBase64(text)) return this.#failSasl("incorrect-encoding");
    const identity = text === "" || text === "=" ? undefined : domainOf(Buffer.from(text, "base64").toString());
    if (text !== "" && text !== "=" && identity !== remote) return this.#failSasl("invalid-authzid");
    this.isAuthenticatedBySasl = true;
    this.stream.write(`<success xmlns='${NAMESPACES.sasl}'/>`);
    this.#prove(remote, local, this.proof.by);
    this.stream.restart();
  }

  #failSasl(condition: string): void {
    const words = this.proof.problem?.message;
    if (words !== undefined) this.#failure = this.proof.problem;
    this.stream.write(`<failure xmlns='${NAMESPACES.sasl}'><${condition}/></failure>`);
    if ((this.#attempts += 1) >= mostAttempts)
      this.stream.fail(new StreamError("policy-violation", "Too many attempts."));
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

  #prove(sender: string, target: string, by: Proven): void {
    this.#cancelTimeout();
    this.provenBy = by;
    this.stream.limits = this.federation.readerLimits.authenticated;
    const isFirst = this.link === undefined;
    const link = (this.link ??= new Link(this.stream, this.federation, target, sender));
    link.allow(sender, target);
    this.federation.proven(this, sender, target);
    if (isFirst && this.isBidirectional) this.federation.clock.after(settlingTime, () => this.#settle());
  }

  /** Acknowledgements are on, or will not be: what waits for the other side may take this stream. */
  #settle(): void {
    if (this.#isSettled || this.#isOver || !this.isBidirectional) return;
    this.#isSettled = true;
    if (this.link !== undefined) this.federation.pair(this.link.local, this.link.remote).adopt(this.link);
  }

  #takeByLink(link: Link, fragment: Fragment): boolean {
    const isTaken = link.take(fragment);
    if (isTaken && !this.#isSettled) this.#settle();
    return isTaken;
  }

  #receiveOfManagement(fragment: Fragment): void {
    const { link } = this;
    const isOffered = link !== undefined && this.federation.limits.stream_management && link.management === undefined;
    if (isOffered && fragment.name === "enable") this.#enable(link, fragment);
    else if (isOffered && fragment.name === "resume") this.#resume(link, fragment);
    else if (fragment.name === "enable" && link?.management !== undefined)
      throw new StreamError("policy-violation", "Acknowledgements are on already."); // XEP-0198 §3
    else if (fragment.name === "enable" || fragment.name === "resume") this.#failManagement("unexpected-request");
    else throw new StreamError("unsupported-stanza-type");
  }

  /** XEP-0198 §3. */
  #enable(link: Link, fragment: Fragment): void {
    const { resume } = fragment.element().attrs as Readonly<Record<string, string | undefined>>;
    const mayResume = resume === "true" || resume === "1";
    const id = randomBytes(18).toString("base64url");
    const max = Math.round(this.federation.limits.resume_time / 1000);
    const resumption = mayResume ? ` id='${id}' resume='true' max='${max}'` : "";
    this.stream.write(`<enabled xmlns='${managementNamespace}'${resumption}/>`);
    link.management = new Management(this.stream, true, true);
    link.management.id = mayResume ? id : undefined;
    this.federation.managed.add(this, link.management);
    this.#settle();
  }

  /** XEP-0198 §5. */
  #resume(link: Link, fragment: Fragment): void {
    const { previd = "" } = fragment.element().attrs as Readonly<Record<string, string | undefined>>;
    const management = this.federation.managed.resume(this, previd);
    if (management === undefined) return this.#failManagement("item-not-found");
    link.management = management; // from here on it ends with this stream, be the number right or not
    management.moveTo(this.stream);
    management.acknowledge(fragment);
    const h = management.handled.count;
    this.stream.write(`<resumed xmlns='${managementNamespace}' h='${h}' previd='${escapeAttribute(previd)}'/>`);
    for (const stanza of management.sent.unacknowledged) this.stream.send(stanza);
    this.#settle();
  }

  #failManagement(condition: string): void {
    const error = `<${condition} xmlns='${NAMESPACES.stanzaErrors}'/>`;
    this.stream.write(`<failed xmlns='${managementNamespace}'>${error}</failed>`);
  }

  #receiveError(fragment: Fragment): void {
    const words = wordsOf(fragment.element());
    this.stream.isEndedByPeer = !isGivingUp(words);
    this.#failure = new FederationFailure("stream-error", `The other side ended the stream: ${words}.`);
    if (isFarewell(words) && this.link !== undefined) return this.link.follow();
    this.link?.management?.doubt();
    this.stream.close();
  }

  /** Who shows no valid certificate where one is needed notices that from what is offered, and goes by themselves. */
  get #certificateProblem(): FederationFailure | undefined {
    const { local, remote, proof, stream } = this;
    if (local === undefined || remote === undefined || stream.failure !== undefined) return undefined;
    return this.federation.policy(local, remote).requiresCertificate ? proof.problem : undefined;
  }

  #refuse({ namespace, name }: Fragment): never {
    const isStanza = namespace === NAMESPACES.client && /^(message|presence|iq)$/.test(name);
    // RFC 6120 §4.9.3.12: stanzas before authentication
    throw new StreamError(isStanza ? "not-authorized" : "unsupported-stanza-type");
  }

  #timeOut(): void {
    this.#failure ??= new FederationFailure("stream-timeout", "The other side did not prove who it is in time.");
    this.stream.fail(new StreamError("connection-timeout", "Proving who you are took too long."));
  }

  #over(unsent: readonly Stanza[]): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelTimeout();
    const failure = this.#failure ?? failureOf(this.stream);
    if (this.link === undefined) {
      if (!this.#hasAsked || this.stream.failure !== undefined)
        this.federation.journal.rejected(this, this.#certificateProblem ?? failure);
      return;
    }
    this.federation.managed.ended(this, !isBroken(this.stream));
    this.federation.ended(this.link, unsent, failure, false);
  }
}

/** RFC 6120 §6.3.5: nothing, "=" for zero length, or base 64 as in RFC 4648 §4. */
function isBase64(text: string): boolean {
  return text === "=" || /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
}

const noPairs: ReadonlySet<string> = new Set();

function failureOf({ failure, isEndedByPeer }: Stream): FederationFailure {
  if (failure !== undefined) {
    const words = failure.text === undefined ? failure.condition : `${failure.condition}: ${failure.text}`;
    return new FederationFailure("stream-error", `We ended the stream: ${words.replace(/\.$/, "")}.`);
  }
  const how = isEndedByPeer ? "ended by the other side" : "lost";
  return new FederationFailure("connection-lost", `The stream was ${how}.`);
}
