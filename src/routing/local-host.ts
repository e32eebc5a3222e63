// A virtual host while it runs: its accounts, its tables, and the road of a stanza through them (ARCHITECTURE §2).
import type { Clock } from "../extension/clock.js";
import type { HostEvents, UndeliverableHandler } from "../extension/host.js";
import { IqTable } from "../extension/iq-table.js";
import { OfferTable } from "../extension/offers.js";
import { passesBy, type Registered, StageRegistry, type StageTable } from "../extension/stages.js";
import type { Presences } from "../im/presences.js";
import { receivePresence } from "../im/receive-presence.js";
import type { Subscriptions } from "../im/subscriptions.js";
import { isSubscriptionType } from "../im/subscriptions.js";
import type { Jid } from "../jid/jid.js";
import type { Log } from "../observability/log.js";
import type { Trace } from "../observability/trace.js";
import { errorFor, isUnanswerable } from "../stanza/build.js";
import { isRequest } from "../stanza/check.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import { StorageError } from "../storage/storage-error.js";
import type { AccountCache } from "./account-cache.js";
import { type EventHandler, EventTable } from "./event-table.js";
import { answerHostIq, answerOwnIq, receiveIq } from "./iq.js";
import type { LocalAccount } from "./local-account.js";
import type { LocalSession } from "./local-session.js";
import { MessageDelivery } from "./message-delivery.js";
import { PendingRequests } from "./pending-requests.js";
import type { Router } from "./router.js";
import { runStages, type StageObserver } from "./run-stages.js";

/** Stanzas that may wait for one account to be read from storage; more are refused. */
const mostWaiting = 1000;

export interface LocalHostParts {
  readonly jid: Jid;
  readonly router: Router;
  readonly accounts: AccountCache;
  readonly clock: Clock;
  readonly log: Log;
  readonly trace: Trace;
}

export class LocalHost implements StageObserver {
  readonly jid: Jid;
  readonly router: Router;
  readonly accounts: AccountCache;
  readonly clock: Clock;
  readonly log: Log;
  readonly trace: Trace;
  readonly iq = new IqTable();
  readonly stages = new StageRegistry();
  readonly requests = new PendingRequests();
  /** What its extensions let an operator do. */
  readonly offers = new OfferTable();
  readonly sessions = new Set<LocalSession>();
  undeliverable: readonly Registered<UndeliverableHandler>[] = [];
  presences!: Presences;
  subscriptions!: Subscriptions;
  #outgoing: StageTable = { message: undefined, presence: undefined, iq: undefined };
  #incoming: StageTable = { message: undefined, presence: undefined, iq: undefined };
  readonly #events = new EventTable((owner, event, error) => this.failed(owner, event, error));
  readonly #messages = new MessageDelivery(this);

  constructor(parts: LocalHostParts) {
    this.jid = parts.jid;
    this.router = parts.router;
    this.accounts = parts.accounts;
    this.clock = parts.clock;
    this.log = parts.log;
    this.trace = parts.trace;
  }

  /** Makes the tables from what was registered; called once all extensions have started. */
  compile(): void {
    this.#outgoing = this.stages.compile("outgoing");
    this.#incoming = this.stages.compile("incoming");
  }

  /** A stanza from a user of this host, `from` stamped; `to` may be absent (RFC 6120 §10.3). */
  submit(stanza: Stanza, session: LocalSession): void {
    const passed = this.#pass(this.#outgoing, stanza, session.account);
    // Straight back: a guard of incoming stanzas might take the error for one of whom the user wants nothing from.
    if (passed instanceof StanzaError) return session.send(errorFor(addressed(stanza, session), passed));
    if (passed === undefined) return;
    if (passed.kind === "message") this.router.route(addressed(passed, session));
    else if (passed.kind === "presence") this.#submitPresence(passed, session);
    else this.#submitIq(passed, session);
  }

  /** A stanza to this host or to one of its accounts, from wherever. */
  receive(stanza: Stanza): void {
    // RFC 6120 §8.2.3. Clients have met this before (stanza/check.ts), others may not have.
    if (isRequest(stanza) && stanza.children.length !== 1) {
      return this.router.bounce(stanza, new StanzaError("bad-request"));
    }
    const to = stanza.to as Jid;
    if (to.local === "") return this.#receiveForHost(stanza);
    const isForNobody = stanza.kind === "presence" && (stanza.type === undefined || stanza.type === "unavailable");
    // An account that is not in memory has no sessions, and presence is not kept: no need to read it.
    if (isForNobody && this.accounts.peek(to.bare) === undefined) return;
    this.#receiveForAccount(stanza, to.bare);
  }

  /** As receive(), of one stanza for many: no more than a look-up where nothing stands between it and a session. */
  receiveCopy(stanza: Stanza, to: Jid): void {
    const copy = stanza.readdressed(to);
    const { kind, type } = stanza;
    const isPlain = kind === "message" || (kind === "presence" && type === undefined);
    const stages = kind === "message" ? this.#incoming.message : this.#incoming.presence;
    const isDirect = isPlain && !to.isBare && passesBy(stages, stanza);
    const session = isDirect ? this.accounts.ready(to.bare)?.session(to) : undefined;
    if (session === undefined) this.receive(copy);
    else session.deliver(copy);
  }

  /** Delivers what has passed the stages before: for a session that went away with stanzas unsent. */
  redeliver(stanza: Stanza, account: LocalAccount): void {
    if (stanza.kind === "message") this.#messages.redeliver(stanza, account);
    else if (isRequest(stanza)) this.router.bounce(stanza, new StanzaError("service-unavailable"));
  }

  on<E extends keyof HostEvents>(event: E, owner: string, handler: EventHandler<E>): void {
    this.#events.add(event, owner, handler);
  }

  /** Tells the extensions. */
  emit<E extends keyof HostEvents>(event: E, ...facts: HostEvents[E]): void {
    this.emitAndWait(event, ...facts)?.catch((error: unknown) => this.failed("core", event, error));
  }

  /** Likewise; the promise settles when all that they do about it is done. Undefined: nothing to wait for. */
  emitAndWait<E extends keyof HostEvents>(event: E, ...facts: HostEvents[E]): Promise<unknown> | undefined {
    return this.#events.emit(event, ...facts);
  }

  failed(owner: string, stage: string, error: unknown): void {
    this.log.error("extension-failed", { extension: owner, stage, error });
  }

  altered(owner: string, stanza: Stanza): void {
    if (this.trace.isActive) this.trace.stage(stanza, "stamp", owner, "altered");
  }

  stopped(owner: string, stanza: Stanza, reason: "ignore" | StanzaError): void {
    if (!this.trace.isActive) return;
    const outcome = reason === "ignore" ? "dropped in silence" : `refused: ${reason.condition}`;
    this.trace.stage(stanza, "guard", owner, outcome);
  }

  /** The error to answer with: the one that was meant, or <internal-server-error/> for a failure, which is logged. */
  asStanzaError(owner: string, error: unknown, stage = "iq"): StanzaError {
    if (error instanceof StanzaError) return error;
    // An anonymous user (XEP-0175) asked for something to be kept, or the account was removed meanwhile.
    if (error instanceof StorageError && error.code === "no-account") return new StanzaError("not-allowed");
    this.failed(owner, stage, error);
    return new StanzaError("internal-server-error");
  }

  /** The stanza as it goes on; the error that a guard refuses it with; or undefined when that is all. */
  #pass(table: StageTable, stanza: Stanza, account: LocalAccount): Stanza | StanzaError | undefined {
    const stages = table[stanza.kind];
    if (stages === undefined || passesBy(stages, stanza)) return stanza;
    const result = runStages(stages, stanza, account, this);
    // RFC 6120 §8.2.3: a request is answered, whatever a guard thinks of it; and §8.3.1: an error is not
    if (result === "ignore") return isRequest(stanza) ? new StanzaError("service-unavailable") : undefined;
    return result instanceof StanzaError && isUnanswerable(stanza) ? undefined : result;
  }

  #submitPresence(presence: Stanza, session: LocalSession): void {
    if (presence.to === undefined) this.presences.broadcast(presence, session);
    else if (isSubscriptionType(presence.type)) this.subscriptions.submit(presence, presence.type, session.account);
    else this.presences.direct(presence, session);
  }

  #submitIq(stanza: Stanza, session: LocalSession): void {
    const isOwn = stanza.to === undefined || stanza.to === session.account.jid;
    if (!isOwn) this.router.route(stanza);
    else if (isRequest(stanza)) answerOwnIq(this, stanza, session);
    else this.requests.settle(addressed(stanza, session));
  }

  #receiveForHost(stanza: Stanza): void {
    if (stanza.kind === "iq") {
      if (isRequest(stanza)) answerHostIq(this, stanza);
      else this.requests.settle(stanza);
    } else if (stanza.kind === "message") {
      this.router.bounce(stanza, new StanzaError("service-unavailable"));
    }
  }

  #receiveForAccount(stanza: Stanza, jid: Jid): void {
    const ready = this.accounts.ready(jid);
    if (ready === undefined) this.#receiveForColdAccount(stanza, jid);
    else this.#deliver(stanza, ready);
  }

  #receiveForColdAccount(stanza: Stanza, jid: Jid): void {
    if (this.accounts.waitingFor(jid) >= mostWaiting) {
      return this.router.bounce(stanza, new StanzaError("resource-constraint"));
    }
    const handle = (account: LocalAccount | undefined, failure?: Error): void => {
      if (account !== undefined) this.#deliver(stanza, account);
      else if (failure === undefined) this.#handOver(stanza, undefined);
      else if (stanza.kind !== "presence") this.router.bounce(stanza, new StanzaError("internal-server-error"));
    };
    this.accounts.with(jid, this.router.custody.later(handle));
  }

  #deliver(stanza: Stanza, account: LocalAccount): void {
    const passed = this.#pass(this.#incoming, stanza, account);
    if (passed instanceof StanzaError) this.router.bounce(stanza, passed);
    else if (passed !== undefined) this.#handOver(passed, account);
  }

  /** To an account, or to nobody: then requests and probes are answered as those of strangers are (RFC 6121 §8.5.1). */
  #handOver(stanza: Stanza, account: LocalAccount | undefined): void {
    if (stanza.kind === "presence") receivePresence(this, stanza, account);
    else if (stanza.kind === "iq") receiveIq(this, stanza, account);
    else if (account === undefined) this.#messages.refuseForNobody(stanza);
    else this.#messages.deliver(stanza, account);
  }
}

/** A stanza without `to` is for the sender's account (RFC 6120 §10.3). */
function addressed(stanza: Stanza, session: LocalSession): Stanza {
  return stanza.to === undefined ? stanza.readdressed(session.account.jid) : stanza;
}
