// A room: who is in it, what they are to it, what was said. What happens in it stands in the files beside this one.
import type { Jid, Stanza } from "../../src/extension/index.js";
import type { RoomConfiguration } from "./configuration.js";
import type { History } from "./history.js";
import { InOrder } from "./in-order.js";
import { isListed, listingOf } from "./listing.js";
import type { Occupant, Seat } from "./occupant.js";
import type { RoomRecord, StandingRecord, SubjectRecord } from "./records.js";
import { Sequence } from "./sequence.js";
import type { Affiliation } from "./standing.js";
import { Standings } from "./standings.js";
import type { RoomSurroundings } from "./surroundings.js";

export type { RoomSurroundings } from "./surroundings.js";

export interface RoomState extends RoomRecord {
  /** By bare JID, or by domain. */
  readonly standings: ReadonlyMap<string, StandingRecord>;
}

export class Room {
  configuration: RoomConfiguration;
  subject: SubjectRecord | undefined;
  readonly secret: string;
  readonly createdAt: number;
  readonly sequence = new Sequence();
  /** What is said to all. */
  readonly outgoing = new InOrder();
  /** By the key of the nickname. */
  readonly occupants = new Map<string, Occupant>();
  /** Sessions whose farewell waits although too much is waiting. */
  readonly departing = new Set<Jid>();
  /** Likewise those that want to enter. */
  readonly arriving = new Set<Jid>();
  readonly #seated = new Map<Jid, Occupant>();
  /** Made, but not configured yet: nobody else may enter (§10.1.1). */
  isLocked = false;
  /** An owner has been sent the form, and may be filling it in. */
  isFormOut = false;
  /** Nothing more can happen in it. */
  isDestroyed = false;
  /** When it was last used: milliseconds since 1970. */
  usedAt: number;
  /** When somebody was last known to be in it: milliseconds since 1970. Unlike `usedAt` it is kept. */
  visitedAt: number;
  #storedVisit: number;
  readonly #standings: Standings;
  #seats = 0;

  constructor(
    readonly jid: Jid,
    readonly surroundings: RoomSurroundings,
    state: RoomState,
    readonly history: History,
  ) {
    this.configuration = state.configuration;
    this.subject = state.subject;
    this.secret = state.secret;
    this.createdAt = state.createdAt;
    this.usedAt = surroundings.clock.now();
    this.visitedAt = this.#storedVisit = state.visitedAt;
    this.#standings = new Standings(jid.local, surroundings.stores, state.standings);
  }

  get name(): string {
    return this.jid.local;
  }

  /** Whether what happens to it is stored. A room that nobody else may enter yet is not worth it. */
  get isStored(): boolean {
    return this.configuration.isPersistent && !this.isLocked && !this.isDestroyed;
  }

  /** Whose session a full JID is. */
  get seated(): ReadonlyMap<Jid, Occupant> {
    return this.#seated;
  }

  /** Whether the occupant is still here; somebody else may go by its nickname meanwhile. */
  has(occupant: Occupant): boolean {
    return this.occupants.get(occupant.key) === occupant;
  }

  /** By bare JID, or by domain; those whose affiliation is "none" are there for another reason. */
  get standings(): ReadonlyMap<string, StandingRecord> {
    return this.#standings.records;
  }

  /** What somebody is to the room. */
  affiliationOf(jid: Jid): Affiliation {
    return this.surroundings.admins.has(jid.bare) ? "owner" : this.#standings.affiliationOf(jid);
  }

  standingOf(jid: Jid): StandingRecord | undefined {
    return this.#standings.of(jid);
  }

  /** The bare JID, as text, of whoever has reserved the nickname. */
  reserverOf(key: string): string | undefined {
    return this.#standings.reserverOf(key);
  }

  /** Changes what the room remembers of somebody; the promise settles when that is on disk. */
  remember(jid: Jid, standing: StandingRecord | undefined): Promise<void> | undefined {
    const before = this.#standings.set(jid, standing);
    for (const hook of this.surroundings.hooks.remembered) hook(this, jid.bare, standing);
    return this.isStored ? this.#standings.store(jid, before) : undefined;
  }

  /** Writes what there is but once: configuration, subject. Undefined for a room that is not stored. */
  save(): Promise<void> | undefined {
    if (!this.isStored) return undefined;
    const { configuration, subject, secret, createdAt, visitedAt } = this;
    this.#storedVisit = visitedAt;
    return this.surroundings.stores.rooms.set(this.name, { configuration, subject, secret, createdAt, visitedAt });
  }

  /** Notes that somebody is in it, if so, and writes that when what is on disk is more than this much older. */
  saveVisit(tolerance: number): Promise<void> | undefined {
    if (this.#seated.size > 0) this.visitedAt = this.surroundings.clock.now();
    return this.visitedAt - this.#storedVisit > tolerance ? this.save() : undefined;
  }

  /** Puts it into the stored list of public rooms, or takes it out. */
  saveListing(): Promise<void> | undefined {
    if (!this.isStored) return undefined;
    const { listed } = this.surroundings.stores;
    return isListed(this) ? listed.set(this.name, listingOf(this)) : listed.remove(this.name);
  }

  /** Of a session that enters: it has no occupant yet. */
  newSeat(jid: Jid, presence: Stanza): Seat {
    const now = (this.visitedAt = this.surroundings.clock.now());
    return { jid, number: (this.#seats += 1), presence, seenAt: now, isSilent: false };
  }

  seat(jid: Jid, occupant: Occupant): void {
    if (!this.#seated.has(jid)) this.surroundings.visits.begin(jid);
    this.surroundings.farewells.forget(jid, this.jid);
    this.#seated.set(jid, occupant);
  }

  unseat(jid: Jid): void {
    if (this.#seated.delete(jid)) this.surroundings.visits.end(jid);
  }

  /** Sends it to everybody in the room: one text, each with an address of their own. */
  broadcast(stanza: Stanza): void {
    this.surroundings.service.sendToAll(stanza, this.#seated.keys());
  }

  send(stanza: Stanza): void {
    this.surroundings.service.send(stanza);
  }
}
