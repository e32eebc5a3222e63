// c2c and c2c-rate: a hundred pairs, one of each pair writes 200-byte messages to the other.
import { setTimeout as elapse } from "node:timers/promises";
import type { Sample } from "../job.js";
import type { Connection } from "./connection.js";
import { countMarks, markedBody, multiples } from "./marks.js";
import { reach, type Meter } from "./meter.js";
import type { Door } from "./session.js";

const PAIRS = 100;
const BODY_BYTES = 200;
const MESSAGES_PER_SECOND = 1000;
/** At a low rate little CPU time is spent, and Linux counts it in hundredths of a second. */
const SECONDS_AT_RATE = 10;

interface Lane {
  readonly sender: Connection;
  readonly receiver: Connection;
  /** One message, two messages … */
  readonly messages: readonly Buffer[];
}

/** Keeps `window` messages under way on each pair: for each that arrives the next is sent. */
export async function chat(door: Door, meter: Meter): Promise<Sample[]> {
  const lanes = await openLanes(door, meter.job.window);
  let isOpen = true;
  for (const { sender, receiver, messages } of lanes) {
    receiver.consume((chunk) => {
      const arrived = countMarks(chunk);
      meter.units += arrived;
      const next = messages[arrived];
      if (next && arrived > 0 && isOpen) sender.write(next);
    });
    sender.write(messages[meter.job.window] ?? "");
  }
  const samples = await meter.steady();
  isOpen = false;
  return samples;
}

/** Sends a thousand messages a second, spread over the pairs, however fast they arrive. */
export async function chatAtRate(door: Door, meter: Meter): Promise<Sample[]> {
  const lanes = await openLanes(door, 1);
  for (const { receiver } of lanes) receiver.consume((chunk) => (meter.units += countMarks(chunk)));
  const sending = new AbortController();
  const sent = sendAtRate(lanes, sending.signal);
  const samples = await meter.steady(SECONDS_AT_RATE);
  sending.abort();
  const total = await sent;
  await reach(
    () => meter.units === total,
    () => `${total} messages were sent, ${meter.units} arrived`,
  );
  return samples;
}

/** Resolves, when `signal` aborts, with the number of messages sent. */
async function sendAtRate(lanes: readonly Lane[], signal: AbortSignal): Promise<number> {
  const start = performance.now();
  let sent = 0;
  while (!signal.aborted) {
    const due = ((performance.now() - start) / 1000) * MESSAGES_PER_SECOND;
    for (; sent < due; sent += 1) {
      const lane = lanes[sent % lanes.length];
      lane?.sender.write(lane.messages[1] ?? "");
    }
    await elapse(1);
  }
  return sent;
}

async function openLanes(door: Door, window: number): Promise<Lane[]> {
  const personas = Array.from({ length: 2 * PAIRS }, (_, account) => ({
    account,
    route: account % 2 === 0 ? [account + 1] : [],
  }));
  const connections = await door.enterAll(personas);
  return connections.flatMap((sender, account) => {
    const receiver = connections[account + 1];
    if (account % 2 === 1 || !receiver) return [];
    sender.consume();
    return [{ sender, receiver, messages: multiples(message(door, account + 1), window) }];
  });
}

/** What a client sends in a conversation: an id, the full address of the session it talks to, a body. */
function message(door: Door, to: number): string {
  const attributes = `type='chat' id='c2c' to='${door.fullAddress(to)}'`;
  return `<message ${attributes}><body>${markedBody(BODY_BYTES)}</body></message>`;
}
