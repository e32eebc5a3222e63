// The end of a room (XEP-0045 §10.9).
import type { Jid } from "../../src/extension/index.js";
import { erase } from "./configure.js";
import { destroyElement, type Destruction } from "./destruction.js";
import { putAllOut } from "./leave.js";
import type { Room } from "./room.js";

/** Ends rooms that were made before this time (milliseconds since 1970) and that nobody has configured (§10.1.1). */
export function destroyAbandoned(rooms: Iterable<Room>, before: number): void {
  for (const room of rooms) {
    if (!room.isLocked || room.createdAt >= before) continue;
    const end = (): Promise<void> | undefined =>
      room.isLocked && !room.isDestroyed ? destroy(room, { password: "", reason: "" }, undefined) : undefined;
    Promise.resolve(room.sequence.alone(end)).catch((error: unknown) => {
      room.surroundings.log.error("room-not-destroyed", { room: room.jid, error });
    });
  }
}

/** Puts everybody out, each told of themselves alone; the promise settles when nothing of it is on disk any more. */
export async function destroy(room: Room, destruction: Destruction, by: Jid | undefined): Promise<void> {
  const wasStored = room.isStored;
  room.isDestroyed = true;
  putAllOut(room, { more: [destroyElement(destruction)] });
  room.surroundings.forget(room);
  room.surroundings.log.info("room-destroyed", { room: room.jid, by: by?.bare, venue: destruction.venue });
  if (wasStored) await erase(room);
  else await Promise.all(room.surroundings.hooks.destroyed.map((hook) => hook(room)));
}
