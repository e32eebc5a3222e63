// offline: messages to users who are not there. A unit is one message stored.
import type { Sample } from "../job.js";
import type { Connection } from "./connection.js";
import { countMarks, MARK, markedBody } from "./marks.js";
import { quiet, reach, type Meter } from "./meter.js";
import type { Door } from "./session.js";

const SENDERS = 50;
const RECIPIENTS = 200;
/** Within the quota that servers have by themselves. */
const MESSAGES_PER_RECIPIENT = 100;
const BODY_BYTES = 200;
/** Messages between two pings: enough that the pings hardly count. */
const BATCH = 40;
const BATCHES_PER_SENDER = (RECIPIENTS * MESSAGES_PER_RECIPIENT) / SENDERS / BATCH;

/** Fills the store, measured, and empties it again by logging in, unmeasured, so that each round finds it empty. */
export async function store(door: Door, meter: Meter): Promise<Sample[]> {
  const senders = await door.enterAll(Array.from({ length: SENDERS }, (_, account) => ({ account })));
  const batches = batchesFor(door);
  const { warmUp, repetitions } = meter.job.effort;
  const samples: Sample[] = [];
  for (let warm = 0; warm < warmUp; warm += (await round(door, meter, senders, batches)).seconds);
  while (samples.length < repetitions) samples.push(await round(door, meter, senders, batches));
  return samples;
}

async function round(
  door: Door,
  meter: Meter,
  senders: readonly Connection[],
  batches: readonly Buffer[],
): Promise<Sample> {
  const sample = await meter.during(async () => {
    await Promise.all(senders.map((sender, index) => sendAll(sender, batches, index)));
    meter.units += RECIPIENTS * MESSAGES_PER_RECIPIENT;
    await quiet(meter.job.target.pid);
  });
  for (let first = 0; first < RECIPIENTS; first += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, index) => fetchAll(door, SENDERS + first + index)));
  }
  return sample;
}

/** A batch and a ping; the next batch when the ping is answered, which is after the messages (RFC 6120 §10.1). */
async function sendAll(sender: Connection, batches: readonly Buffer[], index: number): Promise<void> {
  for (let sent = 0; sent < BATCHES_PER_SENDER; sent += 1) {
    const batch = batches[(index + sent) % batches.length];
    if (batch) await answered(sender, batch);
  }
}

function answered(sender: Connection, batch: Buffer): Promise<void> {
  return new Promise((resolve) => {
    sender.consume((chunk) => {
      if (countMarks(chunk) > 0) resolve();
    });
    sender.write(batch);
  });
}

/** A recipient logs in and must get every message that was sent to it. */
async function fetchAll(door: Door, account: number): Promise<void> {
  let arrived = 0;
  const connection = await door.enterSilently({ account });
  connection.consume((chunk) => (arrived += countMarks(chunk)));
  connection.write("<presence/>");
  await reach(
    () => arrived >= MESSAGES_PER_RECIPIENT,
    () => `Of ${MESSAGES_PER_RECIPIENT} messages stored for account ${account} only ${arrived} came back`,
  );
  await door.leave(connection);
}

/** One batch for each group of BATCH recipients, whose accounts follow those of the senders. */
function batchesFor(door: Door): Buffer[] {
  return Array.from({ length: RECIPIENTS / BATCH }, (_, group) => {
    const recipients = Array.from({ length: BATCH }, (__, index) => SENDERS + group * BATCH + index);
    return Buffer.from(`${recipients.map((recipient) => message(door, recipient)).join("")}${ping(door)}`);
  });
}

function message(door: Door, to: number): string {
  return `<message type='chat' id='offline' to='${door.address(to)}'><body>${markedBody(BODY_BYTES)}</body></message>`;
}

function ping(door: Door): string {
  return `<iq type='get' id='${MARK}' to='${door.target.domain}'><ping xmlns='urn:xmpp:ping'/></iq>`;
}
