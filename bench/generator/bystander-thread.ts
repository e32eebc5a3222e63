// The thread of the bystanders: ten rooms of two, in each of which one speaks at a fixed rhythm, answered or not.
import { on } from "node:events";
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

// Written by bystanders.ts, as are "talk" and "listen", which come in turn.
const pairs = await gather(workerData as Gathering);
if (!parentPort) throw new Error("There is nobody to talk to");
parentPort.postMessage("gathered");
let silence = new AbortController();
let talking = Promise.resolve();
for await (const [word] of on(parentPort, "message") as AsyncIterable<["talk" | "listen"]>) {
  if (word === "talk") {
    silence = new AbortController();
    talking = talk(pairs, silence.signal);
  } else {
    silence.abort();
    await talking;
    parentPort.postMessage(latencies.splice(0));
  }
}
