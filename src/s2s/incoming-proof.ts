// How they prove on a stream of theirs who they are by their certificate: SASL EXTERNAL (XEP-0178 §3, RFC 6120 §6).
import { StreamError } from "../stream/stream-error.js";
import type { Fragment } from "../xml/fragment.js";
import { NAMESPACES } from "../xml/namespaces.js";
import { domainOf } from "./elements.js";
import type { Incoming } from "./incoming.js";

/** Attempts on one stream. */
const mostAttempts = 3;

export class IncomingProof {
  #attempts = 0;
  /** The stream was opened anew, or will be: who they are is settled. */
  hasSucceeded = false;

  constructor(private readonly incoming: Incoming) {}

  /** The certificate was judged when the stream was opened; who is meant has been said by `from`. */
  take(fragment: Fragment): void {
    const { remote, local, proof } = this.incoming;
    if (this.hasSucceeded || fragment.name !== "auth") throw new StreamError("unsupported-stanza-type");
    if (remote === undefined || local === undefined || proof.by === "nothing") return this.#fail("invalid-mechanism");
    if (fragment.element().attrs["mechanism"] !== "EXTERNAL") return this.#fail("invalid-mechanism");
    const refusal = refusalOf(fragment.element().getText().trim(), remote);
    if (refusal !== undefined) return this.#fail(refusal);
    this.hasSucceeded = true;
    this.incoming.stream.write(`<success xmlns='${NAMESPACES.sasl}'/>`);
    this.incoming.prove(remote, local, proof.by);
    this.incoming.stream.restart();
  }

  #fail(condition: string): void {
    const { stream, proof } = this.incoming;
    if (proof.problem !== undefined) this.incoming.failure = proof.problem;
    stream.write(`<failure xmlns='${NAMESPACES.sasl}'><${condition}/></failure>`);
    if ((this.#attempts += 1) >= mostAttempts) stream.fail(new StreamError("policy-violation", "Too many attempts."));
  }
}

/** Of the identity that they want to have: none, or the one that the stream was opened by. */
function refusalOf(identity: string, remote: string): "incorrect-encoding" | "invalid-authzid" | undefined {
  if (!isBase64(identity)) return "incorrect-encoding";
  if (identity === "" || identity === "=") return undefined;
  return domainOf(Buffer.from(identity, "base64").toString()) === remote ? undefined : "invalid-authzid";
}

/** RFC 6120 §6.3.5: nothing, "=" for zero length, or base 64 as in RFC 4648 §4. */
function isBase64(text: string): boolean {
  return text === "=" || /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
}
