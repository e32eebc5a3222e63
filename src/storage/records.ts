// What core keeps of an account, as it goes in and out of storage: plain values that a worker thread can be handed.

/** Names an account: both parts prepared (RFC 7622). */
export interface AccountKey {
  readonly host: string;
  readonly user: string;
}

/** One SCRAM key set (RFC 5802 §3): never the password. Binary parts are base64. */
export interface ScramKeys {
  readonly salt: string;
  readonly iterations: number;
  readonly storedKey: string;
  readonly serverKey: string;
}

/** How an account proves who it is. `bcrypt` is only there for imported accounts until their first login. */
export interface Credentials {
  readonly "SHA-1"?: ScramKeys;
  readonly "SHA-256"?: ScramKeys;
  readonly bcrypt?: string;
}

/** An account's own row. Times are milliseconds since 1970. */
export interface AccountRecord extends AccountKey {
  readonly credentials: Credentials;
  readonly isDisabled: boolean;
  readonly createdAt: number;
}

export type Subscription = "none" | "to" | "from" | "both";

/** One roster item (RFC 6121 §2.1.2). */
export interface RosterItemRecord {
  readonly jid: string;
  readonly name: string;
  readonly subscription: Subscription;
  /** `ask='subscribe'`: we asked, no answer yet. */
  readonly isAsking: boolean;
  /** Pre-approved (RFC 6121 §3.4). */
  readonly isApproved: boolean;
  readonly groups: readonly string[];
  /** Roster version at which it last changed (RFC 6121 §2.6). */
  readonly version: number;
}

/** A subscription request waiting for the user's answer, whole, to be delivered at each login (RFC 6121 §3.1.3). */
export interface SubscriptionRequestRecord {
  readonly from: string;
  readonly stanza: string;
}

/** Everything that must be in memory before an account's stanzas are handled: read in one go. */
export interface AccountState {
  readonly account: AccountRecord;
  readonly rosterVersion: number;
  /** Roster version of the latest removal; who knows only an older one needs the whole roster (RFC 6121 §2.6.3). */
  readonly rosterRemovalVersion: number;
  /** Ordered by JID. */
  readonly roster: readonly RosterItemRecord[];
  /** In the order in which they first came. */
  readonly requests: readonly SubscriptionRequestRecord[];
  /** Values of the stores that extensions declared hot, by store name, then key ("" for perUser), as text. */
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A stanza that waits for another server. `sequence` orders them and names them; domains are prepared (RFC 7622). */
export interface OutboundRecord {
  readonly sequence: number;
  readonly local: string;
  readonly remote: string;
  readonly stanza: string;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
  /** It was about to be sent: whether it has arrived is not known. */
  readonly isSent: boolean;
}

/** A message that is kept, in the order in which it came. */
export interface ArchivedMessage {
  /** Unique in its archive. */
  readonly id: string;
  /** Milliseconds since 1970, whole. */
  readonly at: number;
  /** Whom it was with, for filters; "" where nobody filters by it, which costs less. */
  readonly with: string;
  readonly stanza: string;
}

/** Which messages of an archive; all of them when it says nothing. */
export interface ArchiveRange {
  /** Only those that came after the message with this id. */
  readonly after?: string;
  /** Only those that came before the message with this id. */
  readonly before?: string;
  /**
   * Milliseconds since 1970, inclusive, like `until`. Where the clock was set back, a message counts as of the time of the
   * latest one before it, so that a range of time is always one run of messages.
   */
  readonly since?: number;
  readonly until?: number;
  /** Exactly this; "" for any. */
  readonly with?: string;
}

/** Who did not get a message that was stored for many: their quota leaves no room, or there is no such account. */
export interface UnstoredRecord {
  readonly user: string;
  readonly isKnown: boolean;
}

/** A message waiting for its addressee (XEP-0160). `sequence` orders them and names them for removal. */
export interface OfflineRecord {
  readonly sequence: number;
  readonly stanza: string;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
}
