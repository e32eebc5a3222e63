// offline: messages to users who are not there. A unit is one message stored.
import { setTimeout as elapse } from "node:timers/promises";
import type { Sample } from "../job.js";
import type { Connection } from "./connection.js";
import { countMarks, MARK, markedBody } from "./marks.js";
import { quiet, reach, type Meter } from "./meter.js";
import type { Door } from "./session.js";

const SENDERS = 50;
const RECIPIENTS = 200;
const BODY_BYTES = 200;
/** Messages between two pings: enough that the pings hardly count. */
const BATCH = 40;
/** Recipients who log in at the end, to see that what was counted was stored. */
const SAMPLED = 5;

/** Each sender writes a batch and a ping, and the next batch when the ping is answered (RFC 6120 §10.1: in order). */
export async function store(door: Door, meter: Meter): Promise<Sample[]> {
  const senders = await door.enterAll(Array.from({ length: SENDERS }, (_, account) => ({ account })));
  const stored = new Map<number, number>();
  const { warmUp, seconds, repetitions } = meter.job.effort;
  const round = (duration: number) => storeFor(door, meter, senders, stored, duration);
  await round(warmUp);
  const samples: Sample[] = [];
  while (samples.length < repetitions) samples.push(await meter.during(() => round(seconds)));
  await verify(door, stored);
  return samples;
}

/** Stores for `seconds`, then until the last ping is answered and the server has nothing left to write. */
async function storeFor(
  door: Door,
  meter: Meter,
  senders: readonly Connection[],
  stored: Map<number, number>,
  seconds: number,
): Promise<void> {
  let isOpen = true;
  let asked = 0;
  let answered = 0;
  const sendBatch = (sender: Connection, first: number) => {
    for (const recipient of recipientsFrom(first)) stored.set(recipient, (stored.get(recipient) ?? 0) + 1);
    sender.write(batch(door, first));
    asked += 1;
  };
  for (const [index, sender] of senders.entries()) {
    let first = index * BATCH;
    sender.consume((chunk) => {
      const done = countMarks(chunk);
      meter.units += done * BATCH;
      answered += done;
      if (isOpen && done > 0) sendBatch(sender, (first += BATCH));
    });
    sendBatch(sender, first);
  }
  await elapse(seconds * 1000);
  isOpen = false;
  await reach(
    () => answered === asked,
    () => `${asked} pings were sent, ${answered} answered`,
  );
  await quiet(meter.job.target.pid);
}

/** Some recipients log in and must get every message that was sent to them. */
async function verify(door: Door, stored: ReadonlyMap<number, number>): Promise<void> {
  const sample = [...stored].slice(0, SAMPLED);
  for (const [recipient, expected] of sample) {
    let arrived = 0;
    const connection = await door.enterSilently({ account: recipient });
    connection.consume((chunk) => (arrived += countMarks(chunk)));
    connection.write("<presence/>");
    await reach(
      () => arrived >= expected,
      () => `Of ${expected} messages stored for account ${recipient} only ${arrived} came back`,
    );
    connection.destroy();
  }
}

const batches = new Map<number, Buffer>();

function batch(door: Door, first: number): Buffer {
  const key = first % RECIPIENTS;
  const known = batches.get(key);
  if (known) return known;
  const messages = recipientsFrom(first).map((recipient) => message(door, recipient));
  const made = Buffer.from(`${messages.join("")}${ping(door)}`);
  batches.set(key, made);
  return made;
}

/** Accounts after those of the senders, in turn. */
function recipientsFrom(first: number): number[] {
  return Array.from({ length: BATCH }, (_, index) => SENDERS + ((first + index) % RECIPIENTS));
}

function message(door: Door, to: number): string {
  return `<message type='chat' id='offline' to='${door.address(to)}'><body>${markedBody(BODY_BYTES)}</body></message>`;
}

function ping(door: Door): string {
  return `<iq type='get' id='${MARK}' to='${door.target.domain}'><ping xmlns='urn:xmpp:ping'/></iq>`;
}
