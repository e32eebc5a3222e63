// muc-join: one joins a room of thousands, alone and while others talk elsewhere. A unit is one join.
import type { Sample } from "../job.js";
import { Bystanders } from "./bystanders.js";
import type { Connection } from "./connection.js";
import type { Meter } from "./meter.js";
import { Room } from "./room.js";
import type { Door } from "./session.js";
import { Tally } from "./tally.js";

const NICKNAME = "newcomer";
/** Joins are short: more of them are measured than spans of some seconds elsewhere. */
const JOINS_PER_REPETITION = 3;

/** Measures a join for its cost, then another for what those in other rooms feel of it, and so on. */
export async function joinCrowd(door: Door, meter: Meter): Promise<Sample[]> {
  const { crowd: size, repetitions } = meter.job.effort;
  const crowd = await Crowd.assemble(door, size);
  const bystanders = await Bystanders.gather(meter.job, size);
  const samples: Sample[] = [];
  await crowd.join();
  await crowd.leave();
  while (samples.length < repetitions * JOINS_PER_REPETITION) {
    const sample = await meter.during(async () => {
      await crowd.join();
      meter.units += 1;
    });
    await crowd.leave();
    const latencies = await bystanders.during(() => crowd.join());
    await crowd.leave();
    samples.push({ ...sample, latencies });
  }
  return samples;
}

/** Those in the room, and one who comes and goes. */
class Crowd {
  readonly #tally = new Tally();

  private constructor(
    private readonly room: Room,
    private readonly newcomer: Connection,
    /** How many they are with the newcomer. */
    private readonly size: number,
  ) {}

  static async assemble(door: Door, size: number): Promise<Crowd> {
    const connections = await door.enterAll(Array.from({ length: size }, (_, account) => ({ account })));
    const [newcomer, owner, ...others] = connections;
    if (!newcomer || !owner) throw new Error("Two at least are a crowd");
    const crowd = new Crowd(new Room(door, "agora"), newcomer, size);
    await crowd.room.create(owner, "n0");
    for (const connection of connections) connection.consume(crowd.#tally.hear);
    await crowd.room.fill(others, 1, crowd.#tally);
    return crowd;
  }

  /** Resolves when the newcomer has heard of all, itself included, and all others of the newcomer. */
  async join(): Promise<void> {
    const told = this.#tally.next(2 * this.size - 1);
    this.newcomer.write(this.room.join(NICKNAME));
    await told;
  }

  async leave(): Promise<void> {
    const told = this.#tally.next(this.size);
    this.newcomer.write(this.room.leave(NICKNAME));
    await told;
  }
}
