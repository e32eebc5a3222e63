// What an operator is told of rooms: plain data.

export interface RoomSummary {
  readonly address: string;
  /** As its owners call it; "" for nothing. */
  readonly name: string;
  readonly occupants: number;
  readonly isPublic: boolean;
  readonly isPersistent: boolean;
  /** Being made: its owner has not configured it yet. */
  readonly isLocked: boolean;
  readonly isInMemory: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When somebody was last in it, to the day when it is on disk alone: milliseconds since 1970. */
  readonly lastUsedAt: number;
}

export interface RoomDetails extends RoomSummary {
  readonly subject: string;
  readonly owners: readonly string[];
  readonly admins: number;
  readonly members: number;
  readonly outcasts: number;
  /** In its history. */
  readonly messages: number;
  readonly settings: readonly RoomSetting[];
}

/** One field of the configuration. */
export interface RoomSetting {
  /** The short name, by which it is set. */
  readonly name: string;
  readonly sentence: string;
  /** Secrets are hidden. */
  readonly values: readonly string[];
}

export type AffiliationName = "owner" | "admin" | "member" | "none" | "outcast";

/** What the room remembers of somebody, or of all of a domain. */
export interface RoomAffiliation {
  readonly address: string;
  readonly affiliation: AffiliationName;
  /** A nickname that is reserved for them. */
  readonly nick?: string | undefined;
  readonly reason?: string | undefined;
}

export interface RoomOccupant {
  readonly nick: string;
  readonly role: string;
  readonly affiliation: string;
  /** Of all their sessions in the room. */
  readonly addresses: readonly string[];
  /** "available", "away" … as in presence's show. */
  readonly presence: string;
  /** When something last came from it: milliseconds since 1970. */
  readonly lastSeenAt: number;
}

export interface RoomSubject {
  readonly text: string;
  /** The nickname of whoever set it; "" for the room itself. */
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface RoomMessageText {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** A nickname; "" for the room itself. */
  readonly from: string;
  /** "" when it has no text. */
  readonly text: string;
  readonly isTakenBack: boolean;
  /** The whole message, as XML. */
  readonly stanza: string;
}
