// All rooms there are, in memory or in storage alone, in pages.
import type { RoomFilter, RoomPage, RoomSummary } from "../../src/extension/index.js";
import type { Directory } from "./directory.js";
import type { RoomSurroundings } from "./room.js";
import { summaryOf, summaryOfRecord } from "./room-summary.js";

interface ListParts {
  readonly directory: Directory;
  readonly surroundings: RoomSurroundings;
}

/** Rooms that are read at once. */
const pageSize = 500;

export async function listRooms(parts: ListParts, filter: RoomFilter, after: string, limit: number): Promise<RoomPage> {
  const { rooms, next } = await page(parts, after, limit);
  const now = parts.surroundings.clock.now();
  return { rooms: rooms.filter((room) => passes(room, filter, now)), next };
}

/** The names of all rooms, in order. */
export async function* namesFrom(parts: ListParts): AsyncGenerator<string> {
  for (let after: string | null = ""; after !== null;) {
    const { names, next }: Page = await page(parts, after, pageSize);
    yield* names;
    after = next;
  }
}

/** Nobody is in it, and was since this time (milliseconds since 1970). */
export function isUnused({ occupants, isLocked, lastUsedAt }: RoomSummary, since: number): boolean {
  return occupants === 0 && !isLocked && lastUsedAt < since;
}

interface Page {
  readonly names: readonly string[];
  readonly rooms: readonly RoomSummary[];
  readonly next: string | null;
}

/** Stored rooms and those in memory, which know better; each once. */
async function page({ directory, surroundings }: ListParts, after: string, limit: number): Promise<Page> {
  const { stores, service } = surroundings;
  const stored = await stores.rooms.page(after, limit);
  const inMemory = [...directory.rooms.keys()].filter((name) => compareNames(name, after) > 0);
  const all = [...new Set([...stored.keys(), ...inMemory])].sort(compareNames);
  const names = all.slice(0, limit);
  const rooms = names.flatMap((name) => {
    const room = directory.rooms.get(name);
    const record = stored.get(name);
    if (room !== undefined) return summaryOf(room);
    return record === undefined ? [] : summaryOfRecord(`${name}@${service.jid.toString()}`, record);
  });
  const isLast = stored.size < limit && all.length <= limit;
  return { names, rooms, next: isLast ? null : (names.at(-1) ?? null) };
}

function passes(room: RoomSummary, filter: RoomFilter, now: number): boolean {
  const { isPublic, isPersistent, isOccupied, unusedFor } = filter;
  if (isPublic !== undefined && room.isPublic !== isPublic) return false;
  if (isPersistent !== undefined && room.isPersistent !== isPersistent) return false;
  if (isOccupied !== undefined && room.occupants > 0 !== isOccupied) return false;
  return unusedFor === undefined || isUnused(room, now - unusedFor);
}

/** As storage orders them: by their bytes. */
function compareNames(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
