// muc: one room, and what one of its occupants says goes to all. A unit is one delivered copy.
import type { Sample } from "../job.js";
import type { Connection } from "./connection.js";
import { countMarks, markedBody } from "./marks.js";
import type { Meter } from "./meter.js";
import { Room } from "./room.js";
import type { Door } from "./session.js";
import { Tally } from "./tally.js";

const BODY_BYTES = 200;
/** A room of more is not filled by telling all of each other: that takes minutes, and the messages cost the same. */
const MOST_ANNOUNCED = 1000;

/** The occupants take turns; the next one speaks when the last one has reached all. */
export async function converseInRoom(door: Door, meter: Meter): Promise<Sample[]> {
  const { occupants = 0 } = meter.job;
  const personas = Array.from({ length: occupants }, (_, account) => ({ account, route: "all" as const }));
  const connections = await door.enterAll(personas);
  const room = new Room(door, "agora");
  if (door.target.dialect === "xmpp") await gather(room, connections);
  const message = Buffer.from(room.message(markedBody(BODY_BYTES)));
  let sent = 0;
  let isOpen = true;
  const speak = () => {
    if (isOpen) connections[sent++ % occupants]?.write(message);
  };
  for (const connection of connections) {
    connection.consume((chunk) => {
      const arrived = countMarks(chunk);
      meter.units += arrived;
      // A copy too many or too few, and the conversation stops: that fails the measurement.
      if (arrived > 0 && meter.units === sent * occupants) speak();
    });
  }
  speak();
  const samples = await meter.steady();
  isOpen = false;
  return samples;
}

async function gather(room: Room, [owner, ...others]: readonly Connection[]): Promise<void> {
  if (!owner) return;
  if (others.length < MOST_ANNOUNCED) {
    await room.create(owner, "n0");
    const tally = new Tally();
    for (const connection of [owner, ...others]) connection.consume(tally.hear);
    await room.fill(others, 1, tally);
  } else {
    await room.createDiscreet(owner, "n0");
    owner.consume();
    const waiting = others.entries();
    const usher = async () => {
      for (const [index, newcomer] of waiting) await room.enter(newcomer, `n${index + 1}`);
    };
    await Promise.all(Array.from({ length: 16 }, usher));
  }
}
