// How we prove on a stream of ours who we are: by our certificate (XEP-0178 §3), else by dialback (XEP-0220 §2.1).
import { StreamError } from "../stream/stream-error.js";
import type { Stream } from "../stream/stream.js";
import type { Fragment } from "../xml/fragment.js";
import { NAMESPACES } from "../xml/namespaces.js";
import { dialbackKey } from "./dialback-key.js";
import { dialback, type DialbackElement, wordsOf } from "./elements.js";
import type { Federation } from "./federation.js";
import type { ServerFeatures } from "./features.js";
import type { OutgoingJob } from "./outgoing-job.js";
import { FederationFailure, type ReasonCode } from "./reason.js";

/** What comes of it. */
export interface ProofOutcome {
  proven(by: "certificate" | "dialback"): void;
  /** Of a key that we have asked about. */
  judged(isValid: boolean): void;
  refused(failure: FederationFailure): void;
}

type Step = "none" | "sasl" | "result" | "verify";

export class OutgoingProof {
  #step: Step = "none";
  /** Why our certificate was not taken; undefined when it was, or when dialback was enough. */
  refusal: FederationFailure | undefined;
  #features: ServerFeatures | undefined;
  #streamId = "";

  constructor(
    private readonly stream: Stream,
    private readonly federation: Federation,
    private readonly job: OutgoingJob,
    private readonly outcome: ProofOutcome,
  ) {}

  /** `streamId`: theirs, which a dialback key is made for. */
  begin(features: ServerFeatures, streamId: string): void {
    this.#features = features;
    this.#streamId = streamId;
    if (this.job.verify !== undefined) return this.#verify(this.job.verify);
    if (features.mechanisms.includes("EXTERNAL") && this.stream.transport.tls !== undefined) this.#tryExternal();
    else this.#tryDialback(features);
  }

  /** XEP-0178 §3: the identity goes along, for servers of before its version 1.0 insist on it. */
  #tryExternal(): void {
    this.#step = "sasl";
    const identity = Buffer.from(this.job.local).toString("base64");
    this.stream.write(`<auth xmlns='${NAMESPACES.sasl}' mechanism='EXTERNAL'>${identity}</auth>`);
  }

  receivedOfSasl(fragment: Fragment): void {
    if (this.#step !== "sasl") throw new StreamError("unsupported-stanza-type");
    const { watch, remote } = this.job;
    if (fragment.name === "success") {
      this.#step = "none";
      watch?.({ step: "authentication", method: "EXTERNAL", outcome: "accepted" });
      return this.outcome.proven("certificate");
    }
    if (fragment.name !== "failure") throw new StreamError("unsupported-stanza-type");
    const words = wordsOf(fragment.element());
    watch?.({ step: "authentication", method: "EXTERNAL", outcome: words });
    const text = `The server of ${remote} refuses our certificate: ${words}.`;
    this.refusal = new FederationFailure("authentication-refused", text);
    if (this.#features !== undefined) this.#tryDialback(this.#features);
  }

  /** XEP-0220 §2.1.1; where it is not spoken, that is the end. */
  #tryDialback({ hasDialback }: ServerFeatures): void {
    const { local, remote } = this.job;
    if (!hasDialback) {
      const text = `The server of ${remote} offers no way to prove who we are.`;
      return this.outcome.refused(this.refusal ?? new FederationFailure("authentication-not-offered", text));
    }
    const facts = { receiving: remote, originating: local, streamId: this.#streamId };
    this.#step = "result";
    this.stream.write(dialback("result", { from: local, to: remote }, dialbackKey(this.federation.secret, facts)));
  }

  /** XEP-0220 §2.1.2. */
  #verify({ id, key }: { readonly id: string; readonly key: string }): void {
    const { local, remote } = this.job;
    this.#step = "verify";
    this.stream.write(dialback("verify", { from: local, to: remote, id }, key));
  }

  /** An answer; XEP-0220 §5 (unsolicited dialback): it counts only where it was asked for. */
  receivedOfDialback(element: DialbackElement, fragment: Fragment): void {
    const { local, remote, verify } = this.job;
    const isOurs = element.from === remote && element.to === local;
    // only questions have an id (XEP-0220 §2.1.2), but Prosody puts one into the answer to a key, too
    const hasOurId = verify === undefined || element.id === verify.id;
    if (!isOurs || element.name !== this.#step || !hasOurId)
      return this.federation.journal.unsolicited(this.stream, element);
    this.#step = "none";
    const { type = "" } = element;
    const words = type === "error" ? wordsOf(fragment.element().getChild("error")) : type;
    if (verify === undefined) this.#takeResult(type, words);
    else this.#takeVerdict(type, words);
  }

  #takeResult(type: string, words: string): void {
    const { watch, remote, local } = this.job;
    watch?.({ step: "authentication", method: "dialback", outcome: type === "valid" ? "accepted" : words });
    if (type === "valid") {
      this.refusal = undefined;
      return this.outcome.proven("dialback");
    }
    const text = `The server of ${remote} does not believe that we are ${local} (dialback): ${words}.`;
    const code = type === "invalid" ? "dialback-invalid" : codeOfRefusal(words);
    this.outcome.refused(new FederationFailure(code, text));
  }

  #takeVerdict(type: string, words: string): void {
    if (type === "valid" || type === "invalid") return this.outcome.judged(type === "valid");
    const text = `The server of ${this.job.remote} can't judge its key: ${words}.`;
    this.outcome.refused(new FederationFailure("dialback-failed", text));
  }
}

/** XEP-0220 §2.5: who could not ask may be able to later; who does not believe us, or does not serve the domain, will not. */
function codeOfRefusal(words: string): ReasonCode {
  if (words.startsWith("item-not-found")) return "host-unknown";
  return /^(not-authorized|policy-violation|forbidden)\b/.test(words) ? "authentication-refused" : "dialback-failed";
}
