// Answers IQ requests: finds the handler, contains its failures, sends one answer (RFC 6120 §8.2.3).
import type { IqAnswer, IqHandler, IqRequest } from "../extension/iq-table.js";
import type { Jid } from "../jid/jid.js";
import { isRequest } from "../stanza/check.js";
import { resultOf } from "../stanza/build.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import type { LocalAccount } from "./local-account.js";
import type { LocalHost } from "./local-host.js";
import type { LocalSession } from "./local-session.js";

/** A request of a user to their own account: without `to`, or to their own bare JID. */
export function answerOwnIq(host: LocalHost, stanza: Stanza, session: LocalSession): void {
  const addressed = stanza.readdressed(session.account.jid);
  const own = host.iq.find("own-account", addressed);
  if (own === undefined) return answerAccountIq(host, addressed, session.account, true);
  answer(host, addressed, own.owner, own.handler, { account: session.account, session });
}

/** A request to a bare JID of ours; `account` is undefined when nobody has it. */
export function answerAccountIq(
  host: LocalHost,
  stanza: Stanza,
  account: LocalAccount | undefined,
  isAuthorized: boolean,
): void {
  const entry = host.iq.find("account", stanza);
  if (entry === undefined) return host.router.bounce(stanza, new StanzaError("service-unavailable"));
  answer(host, stanza, entry.owner, entry.handler, { account, isAuthorized });
}

/** A request to the host itself. */
export function answerHostIq(host: LocalHost, stanza: Stanza): void {
  const entry = host.iq.find("host", stanza);
  if (entry === undefined) return host.router.bounce(stanza, new StanzaError("service-unavailable"));
  const session = stanza.from?.domain === host.jid.domain ? host.router.localSession(stanza.from) : undefined;
  answer(host, stanza, entry.owner, entry.handler, { session });
}

/** An IQ to a full JID (§8.5.3.1), to be passed to that resource if the sender may know that it is there. */
export function deliverIq(host: LocalHost, stanza: Stanza, account: LocalAccount): void {
  const session = stanza.to === undefined ? undefined : account.session(stanza.to);
  if (session !== undefined && (!isRequest(stanza) || mayReach(stanza.from, session))) return session.send(stanza);
  host.router.bounce(stanza, new StanzaError("service-unavailable"));
}

/** The presence-leak rule: an answer would tell that the resource is online, so only to those who may know. */
function mayReach(from: Jid | undefined, session: LocalSession): boolean {
  if (from === undefined) return false;
  const { account, directed } = session;
  if (from.bare === account.jid || from.isDomain || account.roster.isSubscriber(from.bare)) return true;
  for (const contact of directed ?? []) if (contact.bare === from.bare) return true;
  return false;
}

function answer<R extends IqRequest>(
  host: LocalHost,
  stanza: Stanza,
  owner: string,
  handler: IqHandler<R>,
  more: object,
): void {
  const refuse = (error: unknown): void => host.router.bounce(stanza, host.asStanzaError(owner, error));
  const reply = (payload: IqAnswer): void => host.router.route(resultOf(stanza, payload ?? undefined));
  try {
    const result = handler({ ...requestOf(stanza), ...more } as R);
    if (result instanceof Promise) result.then(reply).catch(refuse);
    else reply(result);
  } catch (error) {
    refuse(error);
  }
}

function requestOf(stanza: Stanza): IqRequest {
  const payload = stanza.element().getChildElements()[0];
  if (payload === undefined || stanza.from === undefined || stanza.to === undefined) {
    throw new StanzaError("bad-request");
  }
  return { stanza, type: stanza.type === "get" ? "get" : "set", from: stanza.from, to: stanza.to, payload };
}
