// New rooms that nobody has configured yet: what becomes of them when their maker never says how they shall be (§10.1.3).
import type { Jid } from "../../src/extension/index.js";
import { unlock } from "./configure.js";
import { destroy } from "./destroy.js";
import type { Room } from "./room.js";

/**
 * Whoever speaks in a room that they have just made, or invites somebody, means others to be there: they take it as it is
 * (§10.1.2). Some clients, Dino among them, never say so, and would keep everybody out.
 */
export async function takeAsItIs(room: Room, by: Jid | undefined): Promise<void> {
  if (room.isLocked) await unlock(room, room.configuration, by);
}

/** Whoever does not even look at the form "is assumed to have accepted the default configuration". */
export function acceptForTheSilent(rooms: Iterable<Room>, madeBefore: number): void {
  eachLocked(rooms, madeBefore, (room) => {
    const [maker] = room.occupants.values();
    return room.isFormOut ? undefined : takeAsItIs(room, maker?.bare);
  });
}

/** Whoever has looked at it and has not sent it back is assumed "to have cancelled the configuration process". */
export function cancelForTheSlow(rooms: Iterable<Room>, madeBefore: number): void {
  eachLocked(rooms, madeBefore, (room) => destroy(room, { password: "", reason: "" }, undefined));
}

function eachLocked(rooms: Iterable<Room>, madeBefore: number, job: (room: Room) => Promise<void> | undefined): void {
  for (const room of rooms) {
    if (!room.isLocked || room.createdAt >= madeBefore) continue;
    const inTurn = (): Promise<void> | undefined => (room.isLocked && !room.isDestroyed ? job(room) : undefined);
    Promise.resolve(room.sequence.alone(inTurn)).catch((error: unknown) => {
      room.surroundings.log.error("room-stays-locked", { room: room.jid, error });
    });
  }
}
