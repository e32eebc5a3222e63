// IQ requests that the server itself has sent and that wait for their answer.
import type { Jid } from "../jid/jid.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";

interface Pending {
  readonly to: Jid;
  settle(answer: Stanza): void;
}

export class PendingRequests {
  readonly #pending = new Map<string, Pending>();

  /** Expects the answer to a request with this id, from the one it was sent to and from nobody else. */
  expect(id: string, to: Jid, settle: (answer: Stanza) => void): void {
    this.#pending.set(id, { to, settle });
  }

  forget(id: string): void {
    this.#pending.delete(id);
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Hands a result or error to whom it answers; what answers nothing is ignored (RFC 6120 §8.2.3). */
  settle(answer: Stanza): void {
    const pending = answer.id === undefined ? undefined : this.#pending.get(answer.id);
    if (pending === undefined || answer.id === undefined || pending.to !== answer.from) return;
    this.#pending.delete(answer.id);
    pending.settle(answer);
  }
}

/** The StanzaError inside an answer of type error: the first condition that we know, <text/> being none. */
export function errorOf(answer: Stanza): StanzaError {
  const error = answer.element().getChild("error");
  const names = error?.getChildElements().map((child) => child.getName()) ?? [];
  return new StanzaError(names.find((name) => StanzaError.isCondition(name)) ?? "undefined-condition");
}
