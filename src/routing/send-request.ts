// Sends an IQ request of the server's own and waits for the answer, for a time.
import type { Clock } from "../extension/clock.js";
import type { Jid } from "../jid/jid.js";
import { buildStanza } from "../stanza/build.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import type { Element } from "../xml/element.js";
import { errorOf, type PendingRequests } from "./pending-requests.js";
import type { Router } from "./router.js";

/** Requests of one sender that may wait for their answers at one time; more fail at once. */
const mostRequests = 100_000;
/** Milliseconds to wait for an answer, unless said otherwise. */
const usualTimeout = 60_000;

export interface Request {
  readonly id: string;
  readonly from: Jid;
  readonly to: Jid;
  readonly type: "get" | "set";
  readonly payload: Element;
  readonly timeout: number | undefined;
  /** Only an answer to this very address counts. */
  readonly isStrict?: boolean;
}

export interface RequestSurroundings {
  readonly router: Router;
  readonly clock: Clock;
  readonly requests: PendingRequests;
}

/** Resolves with the result's payload; rejects with the StanzaError that came back or that stands for silence. */
export function sendRequest(
  { router, clock, requests }: RequestSurroundings,
  { id, from, to, type, payload, timeout = usualTimeout, isStrict = false }: Request,
): Promise<Element | undefined> {
  if (requests.size >= mostRequests) return Promise.reject(new StanzaError("resource-constraint"));
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeout, () => {
      requests.forget(id);
      reject(new StanzaError("remote-server-timeout"));
    });
    const fail = (error: StanzaError): void => {
      cancel();
      reject(error);
    };
    const settle = (answer: Stanza): void => {
      if (answer.type === "error") return fail(errorOf(answer));
      cancel();
      resolve(answer.element().getChildElements()[0]);
    };
    requests.expect(id, { to, from: isStrict ? from : undefined, settle, fail });
    router.route(buildStanza("iq", { to, from, type, id }, payload));
  });
}
