// The end of a room (XEP-0045 §10.9).
import type { Jid } from "../../src/extension/index.js";
import { erase } from "./configure.js";
import { destroyElement, type Destruction } from "./destruction.js";
import { putAllOut } from "./leave.js";
import type { Room } from "./room.js";

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
