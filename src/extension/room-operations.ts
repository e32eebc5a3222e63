// What an operator can do with the rooms of a host: plain data, for the command line and later for other ways in.
import type { Jid } from "../jid/jid.js";
import type {
  AffiliationName,
  RoomAffiliation,
  RoomDetails,
  RoomMessageText,
  RoomOccupant,
  RoomSubject,
  RoomSummary,
} from "./room-facts.js";

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

export interface RoomPage {
  /** Those of the page that pass the filter: there may be none, and more pages. */
  readonly rooms: readonly RoomSummary[];
  /** Behind which name the next page begins; null at the end. */
  readonly next: string | null;
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

export interface AffiliationOutcome {
  readonly before: AffiliationName;
  /** Not what was asked for when something else makes them that: admins of the host are owners everywhere. */
  readonly after: AffiliationName;
}
