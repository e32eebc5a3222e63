// Answers an IQ request from a table of handlers, once, as core does for hosts and accounts.
import {
  type Element,
  type IqAnswer,
  type Jid,
  type OpenService,
  resultOf,
  type Stanza,
  StanzaError,
} from "../../src/extension/index.js";
import type { ServiceIqRequest } from "./iq-requests.js";

/** By "type namespace name". */
export type Handlers<R> = ReadonlyMap<string, (request: R) => IqAnswer | Promise<IqAnswer>>;

/** `asAsked` makes the handlers' request of the plain one. Throws, or rejects, what is to be answered instead. */
export function answerIq<R>(
  service: OpenService,
  stanza: Stanza,
  handlers: Handlers<R>,
  asAsked: (request: ServiceIqRequest) => R,
): void | Promise<void> {
  const child = stanza.children[0];
  const handler = handlers.get(`${stanza.type ?? ""} ${child?.namespace ?? ""} ${child?.name ?? ""}`);
  if (handler === undefined) throw new StanzaError("service-unavailable"); // RFC 6120 §8.4
  const later: (() => void)[] = [];
  const result = handler(asAsked(requestOf(stanza, later)));
  const answer = (payload: IqAnswer): void => {
    service.send(resultOf(stanza, payload ?? undefined));
    for (const job of later) job();
  };
  // What has been begun is told also when it could not be stored, or somebody who was put out would stay for the others.
  const fail = (error: unknown): never => {
    for (const job of later) job();
    throw error;
  };
  return result instanceof Promise ? result.then(answer, fail) : answer(result);
}

function requestOf(stanza: Stanza, later: (() => void)[]): ServiceIqRequest {
  return {
    stanza,
    type: stanza.type === "get" ? "get" : "set",
    from: stanza.from as Jid,
    to: stanza.to as Jid,
    payload: stanza.element().getChildElements()[0] as Element,
    afterAnswer: (job) => void later.push(job),
  };
}
