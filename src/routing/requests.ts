// IQ requests that this server makes itself, in the name of a host or of a service.
import type { Clock } from "../extension/clock.js";
import type { Jid } from "../jid/jid.js";
import { buildStanza } from "../stanza/build.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import type { Element } from "../xml/element.js";
import { errorOf, type PendingRequests } from "./pending-requests.js";
import type { Router } from "./router.js";

export interface Request {
  readonly from: Jid;
  readonly to: Jid;
  readonly type: "get" | "set";
  readonly payload: Element;
  readonly id: string;
  /** Milliseconds to wait for the answer. */
  readonly timeout?: number | undefined;
}

export interface RequestSurroundings {
  readonly pending: PendingRequests;
  readonly router: Router;
  readonly clock: Clock;
}

/** Requests of the server that may wait for their answers at one time; more fail at once. */
const mostRequests = 100_000;
/** Milliseconds to wait for an answer, unless said otherwise. */
const usualTimeout = 60_000;

/** Resolves with the result's payload; rejects with the StanzaError, or after the timeout. */
export function sendRequest(
  { pending, router, clock }: RequestSurroundings,
  { from, to, type, payload, id, timeout = usualTimeout }: Request,
): Promise<Element | undefined> {
  if (pending.size >= mostRequests) return Promise.reject(new StanzaError("resource-constraint"));
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeout, () => {
      pending.forget(id);
      reject(new StanzaError("remote-server-timeout"));
    });
    pending.expect(id, to, (answer: Stanza) => {
      cancel();
      if (answer.type === "error") reject(errorOf(answer));
      else resolve(answer.element().getChildElements()[0]);
    });
    router.route(buildStanza("iq", { to, from, type, id }, payload));
  });
}
