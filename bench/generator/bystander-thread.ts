// The thread of the bystanders: ten rooms of two, in each of which one speaks at a fixed rhythm, answered or not.
import { setTimeout as elapse } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { Gathering } from "./bystanders.js";
import type { Connection } from "./connection.js";
import { countMarks, markedBody } from "./marks.js";
import { reach } from "./meter.js";
import { Room } from "./room.js";
import { Door } from "./session.js";

const PAIRS = 10;
const RHYTHM_MILLISECONDS = 10;
const BODY_BYTES = 200;

class Pair {
  /** When what has not arrived yet was sent; a room keeps the order. */
  readonly #underWay: number[] = [];
  readonly #message: Buffer;

  constructor(
    room: Room,
    private readonly speaker: Connection,
    listener: Connection,
    latencies: number[],
  ) {
    this.#message = Buffer.from(room.message(markedBody(BODY_BYTES)));
    speaker.consume();
    listener.consume((chunk) => {
      const now = performance.now();
      for (const sentAt of this.#underWay.splice(0, countMarks(chunk))) latencies.push(now - sentAt);
    });
  }

  get isAnswered(): boolean {
    return this.#underWay.length === 0;
  }

  speak(): void {
    this.#underWay.push(performance.now());
    this.speaker.write(this.#message);
  }
}

const latencies: number[] = [];

async function gather({ job, firstAccount }: Gathering): Promise<readonly Pair[]> {
  const door = new Door(job.target, job.transport);
  const pairs: Pair[] = [];
  for (let index = 0; index < PAIRS; index += 1) {
    const speaker = await door.enter({ account: firstAccount + 2 * index });
    const listener = await door.enter({ account: firstAccount + 2 * index + 1 });
    const room = new Room(door, `corner${index}`);
    await room.create(speaker, "speaker");
    await room.enter(listener, "listener");
    pairs.push(new Pair(room, speaker, listener, latencies));
  }
  return pairs;
}

/** Each has a rhythm of its own, so that they do not speak all at once. */
async function talk(pairs: readonly Pair[], signal: AbortSignal): Promise<void> {
  const start = performance.now();
  let spoken = 0;
  while (!signal.aborted) {
    const due = ((performance.now() - start) / RHYTHM_MILLISECONDS) * PAIRS;
    for (; spoken < due; spoken += 1) pairs[spoken % PAIRS]?.speak();
    await elapse(1);
  }
  await reach(
    () => pairs.every((pair) => pair.isAnswered),
    () => "Messages in other rooms got lost",
  );
}

/** Says what it took once all has arrived; what goes wrong ends the thread, which its owner hears of. */
async function report(talking: Promise<void>): Promise<void> {
  await talking;
  parentPort?.postMessage(latencies.splice(0));
}

// Written by bystanders.ts, as are "talk" and "listen".
const pairs = await gather(workerData as Gathering);
let silence = new AbortController();
let talking = Promise.resolve();
parentPort?.on("message", (word: "talk" | "listen") => {
  silence.abort();
  silence = new AbortController();
  if (word === "talk") talking = talk(pairs, silence.signal);
  else void report(talking);
});
parentPort?.postMessage("gathered");
