// What an operator can do with the rooms of a host: plain data, for the command line and later for other ways in.
import type { Jid } from "../jid/jid.js";

/** Everything resolves when it is on disk, and rejects with OperationRefused when it can't be done. */
export interface RoomOperations {
  /** The virtual host whose rooms these are. */
  readonly host: string;
  /** Where they are: rooms.verona.example. */
  readonly domain: string;
  /** At most `limit` rooms, ordered by name, whose name is greater than `after` ("": from the start). */
  list(filter: RoomFilter, after: string, limit: number): Promise<RoomPage>;
  show(room: Jid): Promise<RoomDetails>;
  /** A persistent room with nobody in it. */
  create(room: Jid, owner: Jid, settings: RoomSettings): Promise<RoomDetails>;
  configure(room: Jid, settings: RoomSettings): Promise<RoomDetails>;
  /** Resolves with how many occupants were put out. */
  destroy(room: Jid, end: RoomEnd): Promise<number>;
  /** Ordered by affiliation, then by address. */
  affiliations(room: Jid): Promise<readonly RoomAffiliation[]>;
  affiliate(room: Jid, change: RoomAffiliation): Promise<AffiliationOutcome>;
  occupants(room: Jid): Promise<readonly RoomOccupant[]>;
  /** Resolves with the addresses that were put out. */
  kick(room: Jid, nick: string, reason: string | undefined): Promise<readonly string[]>;
  subject(room: Jid): Promise<RoomSubject | undefined>;
  /** "" for none. */
  setSubject(room: Jid, text: string): Promise<void>;
  /** The last `limit` messages, or those before the one with the id `before`; oldest first. */
  history(room: Jid, limit: number, before: string | undefined): Promise<readonly RoomMessageText[]>;
  /** Removes messages older than `before` (milliseconds since 1970), or all. Resolves with how many went. */
  purge(room: Jid, before: number | undefined): Promise<number>;
  /**
   * Leaves of one message that it was there, and tells everybody in the room to hide it. Resolves with false when it had
   * been taken back before: then nobody is told anything.
   */
  takeBack(room: Jid, id: string, reason: string | undefined): Promise<boolean>;
}

/** What is absent does not matter. */
export interface RoomFilter {
  readonly isPublic?: boolean | undefined;
  readonly isPersistent?: boolean | undefined;
  readonly isOccupied?: boolean | undefined;
  /** Only rooms that nobody was in for so long: milliseconds. */
  readonly unusedFor?: number | undefined;
}

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

export interface RoomPage {
  /** Those of the page that pass the filter: there may be none, and more pages. */
  readonly rooms: readonly RoomSummary[];
  /** Behind which name the next page begins; null at the end. */
  readonly next: string | null;
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

/** New values by short names. */
export type RoomSettings = ReadonlyMap<string, readonly string[]>;

export interface RoomEnd {
  readonly reason?: string | undefined;
  /** Where everybody should go. */
  readonly venue?: Jid | undefined;
  /** Only when nobody was in it for so long: milliseconds. */
  readonly unusedFor?: number | undefined;
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

export interface AffiliationOutcome {
  readonly before: AffiliationName;
  /** Not what was asked for when something else makes them that: admins of the host are owners everywhere. */
  readonly after: AffiliationName;
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
