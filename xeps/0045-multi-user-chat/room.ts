// A room: who is in it, what they are to it, what was said. What happens in it stands in the files beside this one.
import {
  type Clock,
  type Jid,
  type Log,
  nicknameKey,
  type OpenService,
  type Stanza,
} from "../../src/extension/index.js";
import type { RoomConfiguration } from "./configuration.js";
import type { History } from "./history.js";
import type { Hooks } from "./hooks.js";
import { InOrder } from "./in-order.js";
import { isListed, listingOf } from "./listing.js";
import type { Occupant, Seat } from "./occupant.js";
import type { RoomOptions } from "./options.js";
import type { RoomRecord, StandingRecord, SubjectRecord } from "./records.js";
import { Sequence } from "./sequence.js";
import type { Affiliation } from "./standing.js";
import type { RoomStores } from "./stores.js";
import type { Visits } from "./visits.js";

/** What rooms of one service share. */
export interface RoomSurroundings {
  readonly service: OpenService;
  readonly options: RoomOptions;
  readonly stores: RoomStores;
  readonly hooks: Hooks;
  readonly visits: Visits;
  readonly clock: Clock;
  readonly log: Log;
  /** They are owners of every room. */
  readonly admins: ReadonlySet<Jid>;
  /** Takes a room that is gone out of the directory. */
  forget(room: Room): void;
}

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
  /** Nothing more can happen in it. */
  isDestroyed = false;
  /** When it was last used: milliseconds since 1970. */
  usedAt: number;
  /** When somebody was last known to be in it: milliseconds since 1970. Unlike `usedAt` it is kept. */
  visitedAt: number;
  #storedVisit: number;
  readonly #standings: Map<string, StandingRecord>;
  /** Whose a nickname is, by its key; who has it: the key in #standings. */
  readonly #reserved = new Map<string, string>();
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
    this.#standings = new Map(state.standings);
    for (const [owner, { nick }] of state.standings) if (nick !== undefined) this.#reserve(nick, owner);
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
    return this.#standings;
  }

  /** What somebody is to the room. A ban may be of a whole domain (§9.1). */
  affiliationOf(jid: Jid): Affiliation {
    if (this.surroundings.admins.has(jid.bare)) return "owner";
    const own = this.#standings.get(jid.bare.toString());
    if (own !== undefined && own.affiliation !== "none") return own.affiliation;
    return this.#standings.get(jid.domain)?.affiliation ?? "none";
  }

  standingOf(jid: Jid): StandingRecord | undefined {
    return this.#standings.get(jid.bare.toString());
  }

  /** The bare JID, as text, of whoever has reserved the nickname. */
  reserverOf(key: string): string | undefined {
    return this.#reserved.get(key);
  }

  /** Changes what the room remembers of somebody; the promise settles when that is on disk. */
  remember(jid: Jid, standing: StandingRecord | undefined): Promise<void> | undefined {
    const owner = jid.bare.toString();
    const before = this.#standings.get(owner)?.nick;
    if (before !== undefined) this.#reserved.delete(nicknameKey(before));
    if (standing === undefined) this.#standings.delete(owner);
    else this.#standings.set(owner, standing);
    if (standing?.nick !== undefined) this.#reserve(standing.nick, owner);
    for (const hook of this.surroundings.hooks.remembered) hook(this, jid.bare, standing);
    return this.isStored ? this.#store(owner, standing) : undefined;
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
    return { jid, number: (this.#seats += 1), presence, seenAt: now };
  }

  seat(jid: Jid, occupant: Occupant): void {
    if (!this.#seated.has(jid)) this.surroundings.visits.begin(jid);
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

  async #store(owner: string, standing: StandingRecord | undefined): Promise<void> {
    const { standings, owned } = this.surroundings.stores;
    await Promise.all([
      standing === undefined ? standings.remove(this.name, owner) : standings.set(this.name, owner, standing),
      standing?.affiliation === "owner" ? owned.set(owner, this.name, "") : owned.remove(owner, this.name),
    ]);
  }

  #reserve(nick: string, owner: string): void {
    this.#reserved.set(nicknameKey(nick), owner);
  }
}
