// Answers IQ requests: finds the handler, contains its failures, sends one answer (RFC 6120 §8.2.3).
import type { IqAnswer, IqRequest, IqRequests, IqTarget } from "../extension/iq-table.js";
import { isShownTo } from "../im/directed.js";
import type { Jid } from "../jid/jid.js";
import { errorFor, resultOf } from "../stanza/build.js";
import { isRequest } from "../stanza/check.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import type { LocalAccount } from "./local-account.js";
import type { LocalHost } from "./local-host.js";
import type { LocalSession } from "./local-session.js";

/** A request of a user to their own account: without `to`, or to their own bare JID. */
export function answerOwnIq(host: LocalHost, stanza: Stanza, session: LocalSession): void {
  const { account } = session;
  const addressed = stanza.readdressed(account.jid);
  if (!answer(host, "own-account", addressed, { account, session })) answerAccountIq(host, addressed, account, true);
}

/** An IQ to an account; `account` is undefined when there is none. */
export function receiveIq(host: LocalHost, stanza: Stanza, account: LocalAccount | undefined): void {
  if (stanza.to?.isBare === false)
    return account === undefined ? refuse(host, stanza) : deliverIq(host, stanza, account);
  if (!isRequest(stanza)) return void host.requests.settle(stanza);
  const asker = stanza.from?.bare;
  const isAuthorized =
    account !== undefined && asker !== undefined && (asker === account.jid || account.roster.isSubscriber(asker));
  answerAccountIq(host, stanza, account, isAuthorized);
}

function answerAccountIq(
  host: LocalHost,
  stanza: Stanza,
  account: LocalAccount | undefined,
  isAuthorized: boolean,
): void {
  if (!answer(host, "account", stanza, { account, isAuthorized })) refuse(host, stanza);
}

/** A request to the host itself. */
export function answerHostIq(host: LocalHost, stanza: Stanza): void {
  const session = stanza.from?.domain === host.jid.domain ? host.router.localSession(stanza.from) : undefined;
  if (!answer(host, "host", stanza, { session })) refuse(host, stanza);
}

/** An IQ to a full JID (§8.5.3.1), to be passed to that resource if the sender may know that it is there. */
function deliverIq(host: LocalHost, stanza: Stanza, account: LocalAccount): void {
  const session = stanza.to === undefined ? undefined : account.session(stanza.to);
  const isDelivered = session !== undefined && (!isRequest(stanza) || mayReach(host, stanza.from, session));
  if (isDelivered) session.deliver(stanza);
  else refuse(host, stanza);
}

/** The presence-leak rule: an answer would tell that the resource is online, so only to those who may know. */
function mayReach({ router }: LocalHost, from: Jid | undefined, session: LocalSession): boolean {
  if (from === undefined) return false;
  const { account } = session;
  if (from.bare === account.jid || account.roster.isSubscriber(from.bare)) return true;
  return (from.isDomain && router.serves(from.domain)) || isShownTo(session, from);
}

interface More {
  readonly account?: LocalAccount | undefined;
  readonly session?: LocalSession | undefined;
  readonly isAuthorized?: boolean;
}

/** False when nobody answers such requests. Else there is one answer, right behind the handler's, whatever goes wrong. */
function answer<T extends IqTarget>(host: LocalHost, target: T, stanza: Stanza, more: More): boolean {
  const entry = host.iq.find(target, stanza);
  if (entry === undefined) return false;
  const { owner, handler } = entry;
  if (host.trace.isActive) host.trace.stage(stanza, "iq", owner, "answers");
  const failed = (error: unknown): void => host.failed(owner, "iq", error);
  const jobs: (() => void)[] = [];
  const afterAnswer = (job: () => void): void => void jobs.push(job);
  const send = (reply: Stanza): void => {
    host.router.route(reply);
    for (const job of jobs) attempt(job, () => undefined, failed);
  };
  const refuse = (error: unknown): void => send(errorFor(stanza, host.asStanzaError(owner, error)));
  const reply = (payload: IqAnswer): void => attempt(() => resultOf(stanza, payload ?? undefined), send, refuse);
  const settle = (result: IqAnswer | Promise<IqAnswer>): void => {
    if (!(result instanceof Promise)) return reply(result);
    keepWhile(result.then(reply, refuse).catch(failed), host, more.account);
  };
  attempt(() => handler({ ...requestOf(stanza), afterAnswer, ...more } as IqRequests[T]), settle, refuse);
  return true;
}

/** What a handler goes on to change must be the account that is in memory, though its last session may end meanwhile. */
function keepWhile(pending: Promise<void>, { accounts }: LocalHost, account: LocalAccount | undefined): void {
  if (account === undefined) return;
  const leave = (): void => accounts.unpin(account);
  accounts.pin(account);
  pending.then(leave, leave);
}

/** Unlike try and catch, does not take what fails in `succeeded` for a failure of the action. */
function attempt<T>(action: () => T, succeeded: (result: T) => void, failed: (error: unknown) => void): void {
  let result: T;
  try {
    result = action();
  } catch (error) {
    return failed(error);
  }
  succeeded(result);
}

function requestOf(stanza: Stanza): Omit<IqRequest, "afterAnswer"> {
  const payload = stanza.element().getChildElements()[0];
  if (payload === undefined || stanza.from === undefined || stanza.to === undefined) {
    throw new StanzaError("bad-request");
  }
  return { stanza, type: stanza.type === "get" ? "get" : "set", from: stanza.from, to: stanza.to, payload };
}

function refuse({ router }: LocalHost, stanza: Stanza): void {
  router.bounce(stanza, new StanzaError("service-unavailable"));
}
