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
import { bidi, dialback, dialbackOf, isFarewell, isGivingUp, startTls, wordsOf } from "./elements.js";
import { dialbackKey } from "./dialback-key.js";
import type { Federation } from "./federation.js";
import { featuresOf, type ServerFeatures } from "./features.js";
import { Link, type Proven } from "./link.js";
import { Management, managementNamespace } from "./management.js";
import type { Policy } from "./policy.js";
import { FederationFailure, type ReasonCode } from "./reason.js";
import type { Proof } from "./trust.js";
import type { Watch } from "./walk.js";

export interface OutgoingJob {
  /** Domains: ours, and the one that the stream is for. Prepared. */
  readonly local: string;
  readonly remote: string;
  readonly policy: Policy;
  /** Only to ask whether a key is that domain's (XEP-0220 §2.1.2); no stanzas. */
  readonly verify?: { readonly id: string; readonly key: string } | undefined;
  /** A stream that was lost, to go on with. */
  readonly resumable?: Management | undefined;
  readonly watch?: Watch | undefined;
}

/** What a stream has come to: it can take stanzas, or the key was judged. */
export type OutgoingResult =
  | { readonly kind: "link"; readonly link: Link; readonly isResumed: boolean }
  | { readonly kind: "verdict"; readonly isValid: boolean };

type Step = "header" | "features" | "tls" | "sasl" | "dialback" | "verify" | "management" | "ready" | "over";

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
  #hasTriedExternal = false;
  #isAuthenticated = false;
  /** We have asked for acknowledgements, and there is no answer yet. */
  #isEnabling = false;
  #streamId = "";
  readonly #cancelTimeout: () => void;

  constructor(
    readonly stream: Stream,
    private readonly federation: Federation,
    readonly job: OutgoingJob,
  ) {
    this.result = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    stream.handler = this;
    const { clock, limits } = federation;
    this.#cancelTimeout = clock.after(limits.negotiation_timeout, () => this.#timeOut());
  }

  /** Sends our header; in TLS from the first byte, judges the certificate first. */
  begin(): void {
    this.stream.start();
    if (this.stream.transport.tls === undefined) this.#open();
    else this.#judge();
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
    else if (fragment.namespace === NAMESPACES.tls && this.#step === "tls") this.#receiveOfTls(fragment);
    else if (fragment.namespace === NAMESPACES.sasl && this.#step === "sasl") this.#receiveOfSasl(fragment);
    else if (fragment.namespace === NAMESPACES.dialback) this.#receiveOfDialback(fragment);
    else if (fragment.namespace === managementNamespace) this.#receiveOfManagement(fragment);
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
    if (this.link === undefined) return;
    this.link.stuckSince = undefined;
    this.federation.roomIn(this.link);
  }

  /** Nobody wants it any more. */
  abandon(): void {
    this.#fail("connection-lost", "The attempt was given up.");
  }

  #open(): void {
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
    const { remote, policy, watch, verify } = this.job;
    const isEncrypted = this.stream.transport.tls !== undefined;
    watch?.({ step: "stream", isEncrypted, features });
    this.#features = features;
    if (this.#isAuthenticated) return this.#manage(features);
    if (!isEncrypted && features.tls !== undefined) return this.#startTls();
    if (!isEncrypted && policy.requiresTls)
      return this.#fail("tls-not-offered", `The server of ${remote} does not offer TLS.`);
    if (policy.requiresCertificate && this.theirProof.problem !== undefined)
      return this.#refuse(this.theirProof.problem);
    if (policy.requiresCertificate && this.theirProof.by === "nothing")
      return this.#fail(
        "certificate-missing",
        `The server of ${remote} shows no certificate, for it does not use TLS.`,
      );
    if (verify !== undefined) return this.#verify(verify);
    this.#askForBidi(features);
    this.#authenticate(features);
  }

  #startTls(): void {
    this.#step = "tls";
    this.stream.write(startTls);
  }

  #receiveOfTls({ name }: Fragment): void {
    const { remote } = this.job;
    if (name !== "proceed") return this.#fail("tls-refused", `The server of ${remote} refuses to start TLS.`);
    this.stream.secure(remote).then(
      () => this.#judge(),
      (error: unknown) => this.#fail("tls-failed", error instanceof Error ? error.message : String(error)),
    );
  }

  /** Nothing is read until we know what to make of the certificate. */
  #judge(): void {
    const { tls } = this.stream.transport;
    if (tls === undefined) return;
    const { remote, watch } = this.job;
    const chain = tls.peerCertificates();
    this.stream.pause();
    this.federation.trust
      .judge(chain, remote, "server")
      .then((proof) => {
        this.theirProof = proof;
        watch?.({ step: "tls", protocol: tls.protocol, cipher: tls.cipher, chain, proof });
        if (!this.stream.isClosing) this.#open();
      })
      .catch((error: unknown) =>
        this.#fail("certificate-invalid", error instanceof Error ? error.message : String(error)),
      )
      .finally(() => this.stream.resume());
  }

  /** XEP-0288 §2.2: before authentication. What comes that way is as good as the proof that it is the domain's server. */
  #askForBidi({ hasBidi }: ServerFeatures): void {
    const { policy } = this.job;
    const isTrusted = this.theirProof.by !== "nothing" || (policy.allowsDialback && !policy.requiresCertificate);
    if (this.isBidirectional || !hasBidi || !isTrusted || !this.federation.limits.bidirectional) return;
    this.isBidirectional = true;
    this.stream.write(bidi);
  }

  #authenticate({ mechanisms, hasDialback }: ServerFeatures): void {
    const mayExternal = mechanisms.includes("EXTERNAL") && this.stream.transport.tls !== undefined;
    if (mayExternal && !this.#hasTriedExternal) return this.#tryExternal();
    if (hasDialback || this.#hasDialbackNamespace) return this.#tryDialback();
    const { remote } = this.job;
    if (this.#hasTriedExternal)
      return this.#refuse(this.#failure ?? new FederationFailure("authentication-refused", remote));
    this.#fail("authentication-not-offered", `The server of ${remote} offers no way to prove who we are.`);
  }

  /** XEP-0178 §3: the identity goes along, for servers of before its version 1.0 insist on it. */
  #tryExternal(): void {
    this.#hasTriedExternal = true;
    this.#step = "sasl";
    const identity = Buffer.from(this.job.local).toString("base64");
    this.stream.write(`<auth xmlns='${NAMESPACES.sasl}' mechanism='EXTERNAL'>${identity}</auth>`);
  }

  #receiveOfSasl(fragment: Fragment): void {
    const { watch, remote } = this.job;
    if (fragment.name === "success") {
      watch?.({ step: "authentication", method: "EXTERNAL", outcome: "accepted" });
      this.#authenticated("certificate");
      this.stream.restart();
      return this.#open();
    }
    if (fragment.name !== "failure") throw new StreamError("unsupported-stanza-type");
    const words = wordsOf(fragment.element());
    watch?.({ step: "authentication", method: "EXTERNAL", outcome: words });
    this.#failure = new FederationFailure(
      "authentication-refused",
      `The server of ${remote} refuses our certificate: ${words}.`,
    );
    if (this.#features !== undefined) this.#authenticate(this.#features);
  }

  /** XEP-0220 §2.1.1. */
  #tryDialback(): void {
    const { local, remote } = this.job;
    const facts = { receiving: remote, originating: local, streamId: this.#streamId };
    this.#step = "dialback";
    this.stream.write(dialback("result", { from: local, to: remote }, dialbackKey(this.federation.secret, facts)));
  }

  /** XEP-0220 §2.1.2. */
  #verify({ id, key }: { readonly id: string; readonly key: string }): void {
    const { local, remote } = this.job;
    this.#step = "verify";
    this.stream.write(dialback("verify", { from: local, to: remote, id }, key));
  }

  #receiveOfDialback(fragment: Fragment): void {
    const element = dialbackOf(fragment);
    if (element === undefined) throw new StreamError("improper-addressing");
    if (element.type === undefined) return this.#answerDialback(fragment);
    const { local, remote, verify } = this.job;
    const isOurs = element.from === remote && element.to === local;
    const isExpected = element.name === this.#step || (element.name === "result" && this.#step === "dialback");
    // only questions have an id (XEP-0220 §2.1.2), but Prosody puts one into the answer to a key, too
    const hasOurId = verify === undefined || element.id === verify.id;
    // XEP-0220 §5 (unsolicited dialback): an answer counts only where it was asked for
    if (!isOurs || !isExpected || !hasOurId) return this.federation.journal.unsolicited(this.stream, element);
    if (verify === undefined) this.#takeResult(fragment, element.type);
    else this.#takeVerdict(fragment, element.type);
  }

  #takeResult(fragment: Fragment, type: string): void {
    const { watch, remote } = this.job;
    const words = type === "error" ? wordsOf(fragment.element().getChild("error")) : type;
    watch?.({ step: "authentication", method: "dialback", outcome: type === "valid" ? "accepted" : words });
    if (type === "valid") {
      this.#authenticated("dialback");
      return this.#manage(this.#features);
    }
    const sentence = `The server of ${remote} does not believe that we are ${this.job.local} (dialback): ${words}.`;
    this.#fail(type === "invalid" ? "dialback-invalid" : codeOfRefusal(words), sentence);
  }

  #takeVerdict(fragment: Fragment, type: string): void {
    if (type !== "valid" && type !== "invalid") {
      const words = wordsOf(fragment.element().getChild("error"));
      return this.#fail("dialback-failed", `The server of ${this.job.remote} can't judge its key: ${words}.`);
    }
    this.#step = "over";
    this.#cancelTimeout();
    this.#settle.resolve({ kind: "verdict", isValid: type === "valid" });
    this.stream.close();
  }

  /** Over a bidirectional stream the other side may ask, too (XEP-0288 §2.2); pairs are not added that way. */
  #answerDialback(fragment: Fragment): void {
    const element = dialbackOf(fragment);
    if (element === undefined || !this.isBidirectional || this.#step !== "ready")
      throw new StreamError("not-authorized");
    this.stream.write(answerVerify(element, this.federation));
  }

  #authenticated(proof: Proven): void {
    this.#isAuthenticated = true;
    this.ourProof = proof;
    this.#failure = undefined;
    this.stream.limits = this.federation.readerLimits.authenticated;
  }

  /** The last step: acknowledgements, where the other side knows them. */
  #manage(features: ServerFeatures | undefined): void {
    const link = new Link(this.stream, this.federation, this.job.local, this.job.remote);
    this.link = link;
    // XEP-0478 §4: after dialback no new features say what is taken from now on, and the former limit was for strangers
    link.mostBytes = (this.ourProof === "dialback" ? undefined : features?.mostBytes) ?? Infinity;
    if (this.isBidirectional) link.allow(this.job.remote, this.job.local);
    const { resumable } = this.job;
    if (features?.hasManagement !== true || !this.federation.limits.stream_management) return this.#ready(false);
    if (resumable?.id !== undefined) return this.#resume(resumable, resumable.id);
    this.#enable(link);
    this.#ready(false);
  }

  /** XEP-0198 §3: what we send counts from now on. */
  #enable(link: Link): void {
    const max = Math.round(this.federation.limits.resume_time / 1000);
    link.management = new Management(this.stream, true, false);
    this.#isEnabling = true;
    this.stream.write(`<enable xmlns='${managementNamespace}' resume='true' max='${max}'/>`);
  }

  #resume(management: Management, id: string): void {
    this.#step = "management";
    this.stream.write(`<resume xmlns='${managementNamespace}' h='${management.handled.count}' previd='${id}'/>`);
  }

  #receiveOfManagement(fragment: Fragment): void {
    if (this.#step === "management") return this.#takeResumption(fragment);
    const management = this.link?.management;
    if (!this.#isEnabling || management === undefined) throw new StreamError("unsupported-stanza-type");
    this.#isEnabling = false;
    if (fragment.name === "enabled") {
      const { resume, id } = fragment.element().attrs as Readonly<Record<string, string | undefined>>;
      management.enable(resume === "true" || resume === "1" ? id : undefined);
    } else if (fragment.name === "failed") this.#manageWithout(management);
    else throw new StreamError("unsupported-stanza-type");
  }

  /** They offer acknowledgements and will not give them: what was sent meanwhile is as good as on any stream without. */
  #manageWithout({ sent }: Management): void {
    if (this.link !== undefined) this.link.management = undefined;
    for (const stanza of sent.unacknowledged) this.federation.spool.forget(stanza);
  }

  #takeResumption(fragment: Fragment): void {
    const { resumable } = this.job;
    const { link } = this;
    if (link === undefined || resumable === undefined) return;
    if (fragment.name === "resumed") {
      resumable.acknowledge(fragment);
      resumable.moveTo(this.stream);
      link.management = resumable;
      for (const stanza of resumable.sent.unacknowledged) this.stream.send(stanza);
      return this.#ready(true);
    }
    if (fragment.name !== "failed") throw new StreamError("unsupported-stanza-type");
    // XEP-0198 §5: who remembers the stream and nothing else may say how far it had come
    if (fragment.element().attrs["h"] !== undefined) {
      resumable.acknowledge(fragment);
      resumable.isExact = true;
    }
    this.#enable(link);
    this.#ready(false);
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

  #fail(code: ReasonCode, sentence: string): void {
    this.#refuse(new FederationFailure(code, sentence));
  }

  #refuse(failure: FederationFailure): void {
    this.#failure = failure;
    this.stream.close();
  }

  #over(unsent: readonly Stanza[]): void {
    if (this.#step === "over") return;
    const wasReady = this.#step === "ready";
    this.#step = "over";
    this.#cancelTimeout();
    const failure = this.#failure ?? this.#lost(wasReady);
    if (wasReady && this.link !== undefined) this.federation.ended(this.link, unsent, failure, true);
    else this.#settle.reject(failure);
  }

  #lost(wasReady: boolean): FederationFailure {
    const { remote } = this.job;
    const { failure } = this.stream;
    if (failure === undefined) {
      const when = wasReady ? "" : " before we could agree on a stream";
      return new FederationFailure("connection-lost", `The connection to the server of ${remote} was closed${when}.`);
    }
    const words = failure.text === undefined ? failure.condition : `${failure.condition}: ${failure.text}`;
    const code = this.#streamId === "" ? "stream-not-xmpp" : "stream-error";
    return new FederationFailure(code, `What the server of ${remote} sent is not acceptable (${words}).`);
  }
}

/** XEP-0220 §2.5: who could not ask may be able to later; who does not believe us, or does not serve the domain, will not. */
function codeOfRefusal(words: string): ReasonCode {
  if (words.startsWith("item-not-found")) return "host-unknown";
  return /^(not-authorized|policy-violation|forbidden)\b/.test(words) ? "authentication-refused" : "dialback-failed";
}
