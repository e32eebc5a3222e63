// The archives that the storage tests fill.
import type { ArchivedMessage } from "../../src/storage/records.js";
import type { ArchiveKey, Storage } from "../../src/storage/storage.js";
import { line } from "./people.js";

/** A room's. */
export const ball: ArchiveKey = { host: "verona.example", store: "rooms.history", owner: "ball" };

/** A message of a room whose id says what is in it. */
export function saying(id: string, at: number, partner = ""): ArchivedMessage {
  return { id, at, with: partner, stanza: line(id) };
}

/** Puts them in, in this order. */
export async function fill(storage: Storage, key: ArchiveKey, messages: readonly ArchivedMessage[]): Promise<void> {
  await Promise.all(messages.map((message) => storage.archive.append(key, message)));
}

export function idsOf(messages: readonly ArchivedMessage[]): string {
  return messages.map(({ id }) => id).join(" ");
}
