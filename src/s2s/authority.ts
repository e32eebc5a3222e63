// The authoritative server's part of dialback: whether a key is one of ours (XEP-0220 §2.2.2).
import { StanzaError } from "../stanza/stanza-error.js";
import { dialback, type DialbackElement, dialbackError } from "./elements.js";
import { isDialbackKey } from "./dialback-key.js";

interface Authority {
  /** Whether the domain is ours. */
  serves(domain: string): boolean;
  readonly secret: Buffer;
}

/** The answer to a <db:verify/>; a <db:result/> that comes where none may come is refused (§2.5). */
export function answerVerify({ name, from, to, id, key }: DialbackElement, authority: Authority): string {
  const answer = { from: to, to: from, id };
  if (!authority.serves(to))
    return dialback(name, { ...answer, type: "error" }, dialbackError(new StanzaError("item-not-found")));
  if (name === "result" || id === undefined) {
    const text = "No domains are added to this stream.";
    return dialback(name, { ...answer, type: "error" }, dialbackError(new StanzaError("policy-violation", { text })));
  }
  const isValid = isDialbackKey(key, authority.secret, { receiving: from, originating: to, streamId: id });
  return dialback("verify", { ...answer, type: isValid ? "valid" : "invalid" });
}
