// The public rooms of a service (XEP-0045 §6.3): those in memory, and those that are only on disk.
import { type HostMap, json } from "../../src/extension/index.js";
import type { Directory } from "./directory.js";
import type { Room, RoomSurroundings } from "./room.js";

/** What is told of a public room to those who look for one. */
export interface Listed {
  readonly room: string;
  readonly name: string;
  readonly description: string;
  readonly language: string;
  readonly isOpen: boolean;
  readonly isNonAnonymous: boolean;
  readonly occupants: number;
}

/** Of a room that nobody is in, as it is stored: its name is the key. */
export type StoredListing = Omit<Listed, "room" | "occupants">;

export const listingCodec = json(isStoredListing);

/** Rooms that are read at a time. */
const pageSize = 1000;

/**
 * The stored public rooms are read when somebody asks, at most once in this time (milliseconds): the list may be long, and
 * many ask.
 */
const keptFor = 10_000;

export class Listing {
  /** Undefined while nobody asks. */
  #stored: Map<string, StoredListing> | undefined;
  /** What goes out of memory while they are read, which may have been read already: undefined for what is not listed. */
  #changes = new Map<string, StoredListing | undefined>();
  #reading: Promise<void> | undefined;
  #readAt = -Infinity;

  constructor(
    private readonly directory: Directory,
    private readonly surroundings: RoomSurroundings,
  ) {
    surroundings.hooks.forgotten.push((room) => this.#note(room));
  }

  /** Ordered by name. */
  async all(): Promise<readonly Listed[]> {
    await this.#refresh();
    const listed = new Map<string, Listed>();
    for (const [room, stored] of this.#stored ?? []) {
      if (!this.directory.rooms.has(room)) listed.set(room, { ...stored, room, occupants: 0 });
    }
    for (const room of this.directory.rooms.values()) {
      if (isListed(room))
        listed.set(room.name, { ...listingOf(room), room: room.name, occupants: room.occupants.size });
    }
    return [...listed.values()].sort((one, other) => (one.room < other.room ? -1 : 1));
  }

  /** From now on what is stored counts: as the room is now, and not as it was when that was read. */
  #note(room: Room): void {
    const listing = room.isStored && isListed(room) ? listingOf(room) : undefined;
    if (this.#reading !== undefined) this.#changes.set(room.name, listing);
    if (this.#stored !== undefined) change(this.#stored, room.name, listing);
  }

  #refresh(): Promise<void> {
    const now = this.surroundings.clock.now();
    if (this.#reading === undefined && now - this.#readAt >= keptFor) {
      this.#readAt = now;
      this.#reading = this.#read().finally(() => (this.#reading = undefined));
    }
    return this.#reading ?? Promise.resolve();
  }

  async #read(): Promise<void> {
    const { stores, clock } = this.surroundings;
    this.#changes = new Map();
    const all = await readAll(stores.listed);
    for (const [room, listing] of this.#changes) change(all, room, listing);
    this.#stored = all;
    // The rooms that nobody is in cost disk, not memory.
    clock.after(keptFor, () => {
      if (this.#stored === all) this.#stored = undefined;
    });
  }
}

async function readAll(listed: HostMap<StoredListing>): Promise<Map<string, StoredListing>> {
  const all = new Map<string, StoredListing>();
  let after = "";
  for (;;) {
    const page = await listed.page(after, pageSize);
    for (const [room, stored] of page) all.set((after = room), stored);
    if (page.size < pageSize) return all;
  }
}

function change(all: Map<string, StoredListing>, room: string, listing: StoredListing | undefined): void {
  if (listing === undefined) all.delete(room);
  else all.set(room, listing);
}

/** A public room that is not waiting for its configuration. */
export function isListed({ configuration, isLocked }: Room): boolean {
  return configuration.isPublic && !isLocked;
}

export function listingOf({ configuration }: Room): StoredListing {
  const { name, description, language, isMembersOnly, password, isNonAnonymous } = configuration;
  return { name, description, language, isOpen: !isMembersOnly && password === "", isNonAnonymous };
}

function isStoredListing(value: unknown): value is StoredListing {
  if (typeof value !== "object" || value === null) return false;
  const { name, description, language, isOpen, isNonAnonymous } = value as Partial<
    Record<keyof StoredListing, unknown>
  >;
  const texts = [name, description, language].every((text) => typeof text === "string");
  return texts && typeof isOpen === "boolean" && typeof isNonAnonymous === "boolean";
}
