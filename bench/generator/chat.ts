// c2c, c2c-rate and s2s: pairs, one of each pair writes 200-byte messages to the other.
import { setTimeout as elapse } from "node:timers/promises";
import type { Sample } from "../job.js";
import { connectionsTo, type Endpoint } from "../measure/links.js";
import type { Connection } from "./connection.js";
import { countMarks, markedBody, multiples } from "./marks.js";
import { reach, type Meter } from "./meter.js";
import { Door } from "./session.js";

const PAIRS = 100;
const PAIRS_ACROSS = 50;
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
  return converse(await openLanes(PAIRS, door, door, meter.job.window), meter);
}

/** The same between two servers. */
export async function chatAcross(door: Door, meter: Meter): Promise<Sample[]> {
  const { target, partner, transport, window } = meter.job;
  if (!partner) throw new Error("It takes two servers");
  const lanes = await openLanes(PAIRS_ACROSS, door, new Door(partner, transport), window);
  const servers = [target, partner].map(({ host, federationPort: port = 0 }) => ({ host, port }));
  return overOneConnection(servers, meter, () => converse(lanes, meter));
}

/** Fails when what was measured did not all go over the connection that the first messages went over. */
async function overOneConnection(
  servers: readonly Endpoint[],
  meter: Meter,
  work: () => Promise<Sample[]>,
): Promise<Sample[]> {
  const samples = work();
  const started = reach(
    () => meter.units > 0,
    () => "No message reached the other server",
  );
  await Promise.race([started, samples]);
  const before = connectionsTo(servers);
  const taken = await samples;
  const after = connectionsTo(servers);
  if (before.length === 1 && after.length === 1 && before[0] === after[0]) return taken;
  throw new Error(`The connection between the servers did not stay the same: ${before.join()}; then ${after.join()}`);
}

async function converse(lanes: readonly Lane[], meter: Meter): Promise<Sample[]> {
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
  const lanes = await openLanes(PAIRS, door, door, 1);
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

/** Accounts with even numbers write to the next ones, whose door may be that of another server. */
async function openLanes(pairs: number, here: Door, there: Door, window: number): Promise<Lane[]> {
  const numbers = Array.from({ length: pairs }, (_, index) => 2 * index);
  const receivers = await there.enterAll(numbers.map((number) => ({ account: number + 1 })));
  const senders = await here.enterAll(numbers.map((account) => ({ account, route: [account + 1] })));
  return senders.flatMap((sender, index) => {
    const receiver = receivers[index];
    if (!receiver) return [];
    sender.consume();
    return [{ sender, receiver, messages: multiples(message(there, 2 * index + 1), window) }];
  });
}

/** What a client sends in a conversation: an id, the full address of the session it talks to, a body. */
function message(door: Door, to: number): string {
  const attributes = `type='chat' id='c2c' to='${door.fullAddress(to)}'`;
  return `<message ${attributes}><body>${markedBody(BODY_BYTES)}</body></message>`;
}
