// IQ requests that the server itself has sent and that wait for their answer.
import type { Jid } from "../jid/jid.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";

interface Pending {
  readonly to: Jid;
  /** Where the answer must come to; undefined when that does not matter. */
  readonly from?: Jid | undefined;
  settle(answer: Stanza): void;
  /** There will be no answer. */
  fail(error: StanzaError): void;
}

export class PendingRequests {
  readonly #pending = new Map<string, Pending>();

  /** Expects the answer to a request with this id, from the one it was sent to and from nobody else. */
  expect(id: string, pending: Pending): void {
    this.#pending.set(id, pending);
  }

  forget(id: string): void {
    this.#pending.delete(id);
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Hands a result or error to whom it answers; false when it answers nothing: to be ignored (RFC 6120 §8.2.3). */
  settle(answer: Stanza): boolean {
    const pending = answer.id === undefined ? undefined : this.#pending.get(answer.id);
    if (pending === undefined || answer.id === undefined || pending.to !== answer.from) return false;
    if (pending.from !== undefined && pending.from !== answer.to) return false;
    this.#pending.delete(answer.id);
    pending.settle(answer);
    return true;
  }

  /** Nobody will be there any more to hear the answers. */
  failAll(error: StanzaError): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of all) pending.fail(error);
  }
}

/** The StanzaError inside an answer of type error: the first condition that we know, <text/> being none. */
export function errorOf(answer: Stanza): StanzaError {
  const error = answer.element().getChild("error");
  const names = error?.getChildElements().map((child) => child.getName()) ?? [];
  return new StanzaError(names.find((name) => StanzaError.isCondition(name)) ?? "undefined-condition");
}
