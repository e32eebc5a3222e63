// What an extension is given for each virtual host it runs on. All that it registers here, core removes again.
import type { Jid } from "../jid/jid.js";
import type { Options, ValuesOf } from "../config/option.js";
import type { Log } from "../observability/log.js";
import type { Metrics } from "../observability/metrics.js";
import type { Stanza, StanzaKind } from "../stanza/stanza.js";
import type { StoresOf } from "../storage/shapes.js";
import type { Element } from "../xml/element.js";
import type { Clock } from "./clock.js";
import type { Extension, Stores } from "./declaration.js";
import type { EarlyIqHandler, IqHandler, IqRequests, IqTarget } from "./iq-table.js";
import type { HostOffers } from "./offers.js";
import type { OpenService, Service } from "./service.js";
import type { HostServices } from "./services.js";
import type { Account, Session } from "./session.js";
import type { Flow, GuardHandler, StageInterest, StageOrder, StampHandler, WatchHandler } from "./stages.js";

export interface Host<O extends Options, S extends Stores> extends HostServices {
  /** The host's own address. */
  readonly jid: Jid;
  readonly options: ValuesOf<O>;
  readonly stores: StoresOf<S>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Clock;

  readonly iq: {
    get: RegisterIq;
    set: RegisterIq;
  };
  /** Answers an IQ on streams that nobody has logged in on yet; what no extension answers ends the stream. */
  readonly beforeLogin: {
    iq(type: "get" | "set", namespace: string, name: string, handler: EarlyIqHandler): void;
  };
  /** May alter a stanza: returns it, or a changed copy (see `withAppended`). */
  stamp(flow: Flow, kinds: readonly StanzaKind[], handler: StampHandler, interest?: StageInterest): void;
  /** May refuse a stanza. */
  guard(flow: Flow, kinds: readonly StanzaKind[], handler: GuardHandler, interest?: StageInterest): void;
  archive(flow: Flow, kinds: readonly StanzaKind[], handler: WatchHandler, interest?: StageInterest): void;
  copy(flow: Flow, kinds: readonly StanzaKind[], handler: WatchHandler, interest?: StageInterest): void;
  notify(flow: Flow, kinds: readonly StanzaKind[], handler: WatchHandler, interest?: StageInterest): void;
  /** Takes a message that no session can take (RFC 6121 §8.5.2.2); false leaves it to the next, at last to a bounce. */
  undeliverable(handler: UndeliverableHandler, order?: StageOrder): void;
  /** Adds to the stream features; undefined when there is nothing to say on this stream. Called for every stream. */
  streamFeature(when: FeaturePhase, feature: (stream: FeatureContext) => Element | undefined): void;
  /** Handles a first-level element that is no stanza, on bound streams. */
  nonza(namespace: string, name: string, handler: (session: Session, element: Element) => void): void;
  on<E extends keyof HostEvents>(event: E, handler: (...facts: HostEvents[E]) => void | Promise<void>): void;
  /** Runs the job every `interval` milliseconds while the host runs; a run that takes longer is not doubled. */
  every(interval: number, job: () => void | Promise<void>): void;
  /** Called when the server is about to stop: all connections are there, and what is sent now goes out before they end. */
  onFarewell(handler: () => void): void;
  /** Called when all connections are gone. */
  onStop(handler: () => void | Promise<void>): void;
  /** Serves a domain of its own until the host stops. Throws when the domain is taken. */
  openService(domain: string, service: Service): OpenService;
  /** A value kept with each session for as long as it lives, a resumption included. */
  perSession<T>(name: string, initial: T): SessionSlot<T>;
  /** Offers the operator something to do, on the command line and elsewhere (offers.ts). */
  offer<N extends keyof HostOffers>(name: N, offer: HostOffers[N]): void;
  /** The interface that another extension's start() returned. It must stand in `requires`. */
  use<A>(other: Extension<A>): A;
}

export type RegisterIq = <T extends IqTarget>(
  namespace: string,
  name: string,
  target: T,
  handler: IqHandler<IqRequests[T]>,
) => void;

/** True when the stanza was taken; a promise is awaited before the sender hears anything. */
export type UndeliverableHandler = (stanza: Stanza, account: Account) => boolean | Promise<boolean>;

/** Before authentication, or after it. */
export type FeaturePhase = "before-login" | "after-login";

export interface FeatureContext {
  readonly isSecure: boolean;
  readonly transport: "tcp" | "websocket";
  /** Longest stanza that is taken at this time, in bytes. */
  readonly stanzaBytes: number;
  /** Milliseconds of silence after which the client is asked for a sign of life. */
  readonly idleTimeout: number;
}

export interface SessionSlot<T> {
  get(session: Session): T;
  set(session: Session, value: T): void;
}

/** What an extension can be told of. A promise that "session-available" returns holds back the session's messages. */
export interface HostEvents {
  "session-bound": [session: Session];
  /** Its first presence of a non-negative priority, or a change from negative to non-negative. */
  "session-available": [session: Session];
  /** Its available presence was withdrawn, by the client or because the stream ended; `presence` says so. */
  "session-unavailable": [session: Session, presence: Stanza];
  "session-closed": [session: Session];
  /** Nothing has come from it for long: ask for a sign of life, or it will be closed. */
  "session-silent": [session: Session];
  "account-deleted": [account: Jid];
}
