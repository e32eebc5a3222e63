// muc-idle: thousands of rooms with two occupants each, in which nobody says anything. A unit is one room.
import { setTimeout as elapse } from "node:timers/promises";
import type { Sample } from "../job.js";
import { pssKibibytes } from "../measure/processes.js";
import type { Connection } from "./connection.js";
import type { Meter } from "./meter.js";
import { Room } from "./room.js";
import type { Door } from "./session.js";

const PAIRS = 100;
const IDLE_SECONDS = 10;

/** Each of a hundred pairs shares as many rooms; growth of memory from before the first room on. */
export async function idleRooms(door: Door, meter: Meter): Promise<Sample[]> {
  const { job } = meter;
  const connections = await door.enterAll(Array.from({ length: 2 * PAIRS }, (_, account) => ({ account })));
  await elapse(IDLE_SECONDS * 1000);
  const before = pssKibibytes(job.target.pid);
  const rooms = Array.from({ length: job.effort.idlers }, (_, index) => new Room(door, `room${index}`));
  await Promise.all(
    Array.from({ length: PAIRS }, (_, pair) =>
      moveIn(
        connections.slice(2 * pair, 2 * pair + 2),
        rooms.filter((__, index) => index % PAIRS === pair),
      ),
    ),
  );
  for (const connection of connections) connection.consume();
  await elapse(IDLE_SECONDS * 1000);
  const sample = await meter.during(async () => {
    await elapse(IDLE_SECONDS * 1000);
    meter.units += rooms.length;
  });
  return [{ ...sample, pss: pssKibibytes(job.target.pid) - before }];
}

async function moveIn([owner, guest]: readonly Connection[], rooms: readonly Room[]): Promise<void> {
  if (!owner || !guest) return;
  for (const room of rooms) {
    await room.create(owner, "owner");
    await room.enter(guest, "guest");
  }
}
