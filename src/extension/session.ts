// What extensions, routing and im see of a bound stream and of the account behind it.
import type { Jid } from "../jid/jid.js";
import type { Stanza } from "../stanza/stanza.js";
import type { AccountKey } from "../storage/records.js";
import type { StreamCondition } from "../stream/stream-error.js";

/** A bound stream (RFC 6120 §7): one resource of one account. It may live on another node one day: only send. */
export interface Session {
  readonly jid: Jid;
  readonly account: Account;
  /** The last presence broadcast while available; undefined when the session is connected but not available. */
  readonly presence: Stanza | undefined;
  /** Of the presence (RFC 6121 §4.7.2.3): −128 … 127, 0 when it says none. */
  readonly priority: number;
  /** It has asked for the roster, so it gets roster pushes (RFC 6121 §2.1.6). */
  readonly isInterested: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** When bytes last came in, to the nearest seconds; milliseconds since 1970. */
  readonly lastReceivedAt: number;
  readonly connection: ConnectionFacts;
  /** Storage of `host.perSession`, indexed by the slot's number; undefined until one is set. */
  slots: unknown[] | undefined;
  /**
   * Queues for sending; never waits. What can't be sent any more goes where undeliverable stanzas go, or is forgotten when
   * the caller keeps it elsewhere or it was made for this session only.
   */
  send(stanza: Stanza, ifUnsent?: "redeliver" | "forget"): void;
  /** Resolves true once all that was sent so far is with the kernel, false when the stream ended before that. */
  flushed(): Promise<boolean>;
  /** Ends the stream, with a stream error when a condition is given. */
  close(condition?: StreamCondition, text?: string): void;
}

export interface ConnectionFacts {
  readonly transport: "tcp" | "websocket";
  readonly remoteAddress: string;
  /** "TLSv1.3 TLS_AES_256_GCM_SHA384", or undefined in clear. */
  readonly encryption: string | undefined;
  readonly mechanism: string;
}

/** An account whose hot state is in memory. */
export interface Account {
  readonly jid: Jid;
  readonly key: AccountKey;
  /** False for one that nothing can be kept for: an anonymous user's, or one that has just been deleted. */
  readonly isStored: boolean;
  readonly sessions: readonly Session[];
  readonly roster: RosterView;
}

/** The part of the roster that decides who may see what. */
export interface RosterView {
  /** The contact sees our presence: subscription from or both. */
  isSubscriber(contact: Jid): boolean;
  /** We see the contact's presence: subscription to or both. */
  isSubscribedTo(contact: Jid): boolean;
  has(contact: Jid): boolean;
}
