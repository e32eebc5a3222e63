// An occupant: one nickname, behind which there may be several sessions of one user (XEP-0045 §7.2.8).
import type { Element, Jid, Stanza } from "../../src/extension/index.js";
import { markingOf, noMarking } from "./marking.js";
import type { Affiliation, Role } from "./standing.js";

/** One resource with which the user is in the room. */
export interface Seat {
  readonly jid: Jid;
  /** Counts within the room; stands for the address in the ids of forwarded requests, which must not reveal it. */
  readonly number: number;
  /** The last presence that it sent to the room, without what only the room may say. */
  presence: Stanza;
  /** When it was last known to be there: milliseconds since 1970. */
  seenAt: number;
  /** It has not answered the last question for a sign of life. */
  isSilent: boolean;
}

export function noteSignOfLife(seat: Seat, now: number): void {
  seat.seenAt = now;
  seat.isSilent = false;
}

export class Occupant {
  /** By full JID; in the order in which they came. */
  readonly seats = new Map<Jid, Seat>();
  readonly bare: Jid;
  /** The seat whose presence the others are shown: the one that spoke last. */
  shown: Seat;
  role: Role;
  affiliation: Affiliation;
  /** What extensions add to everything that the occupant sends: see `Hooks.marks`. */
  messageMarks = noMarking;
  presenceMarks: readonly Element[] = [];
  #cached: { readonly open: Stanza; readonly anonymous: Stanza } | undefined;

  constructor(
    /** room@service/nickname */
    public address: Jid,
    /** In which nicknames are compared (RFC 8266 §2.4). */
    public key: string,
    seat: Seat,
    standing: { readonly role: Role; readonly affiliation: Affiliation },
  ) {
    this.bare = seat.jid.bare;
    this.shown = seat;
    this.seats.set(seat.jid, seat);
    this.role = standing.role;
    this.affiliation = standing.affiliation;
  }

  get nick(): string {
    return this.address.resource;
  }

  /** What was made of the occupant's presence, for moderators and for others, until something changes. */
  presences(make: (isOpen: boolean) => Stanza): { readonly open: Stanza; readonly anonymous: Stanza } {
    return (this.#cached ??= { open: make(true), anonymous: make(false) });
  }

  /** Its presence is shown anew: its role, its marks or its own words have changed. */
  refresh(): void {
    this.#cached = undefined;
  }

  /** What extensions say of the occupant, from now on. */
  mark(inMessages: readonly Element[], inPresence: readonly Element[]): void {
    this.messageMarks = markingOf(inMessages);
    this.presenceMarks = inPresence;
    this.refresh();
  }
}
