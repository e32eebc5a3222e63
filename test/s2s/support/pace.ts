// How long users of one server wait for each other: letters and answers at a steady rate.
import { setTimeout as pause } from "node:timers/promises";
import type { RawClient } from "../../support/raw-client.js";

/** Milliseconds. */
export interface Waits {
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
}

let letters = 0;

/** A letter and its answer every ten milliseconds, or as soon as the one before is through; `isOver` is asked after each. */
export async function pace(sender: RawClient, receiver: RawClient, isOver: (count: number) => boolean): Promise<Waits> {
  const waits: number[] = [];
  for (let due = performance.now(); !isOver(waits.length); due = Math.max(due + 10, performance.now())) {
    await pause(Math.max(0, due - performance.now())); // the rate is what is measured at
    const begin = performance.now();
    await exchange(sender, receiver, (letters += 1));
    waits.push(performance.now() - begin);
  }
  waits.sort((one, other) => one - other);
  const at = (part: number): number => waits[Math.min(waits.length - 1, Math.floor(waits.length * part))] ?? NaN;
  return { median: at(0.5), p99: at(0.99), longest: at(1) };
}

async function exchange(sender: RawClient, receiver: RawClient, number: number): Promise<void> {
  sender.send(`<message to='${receiver.jid}' type='chat'><body>there ${number}!</body></message>`);
  await receiver.receives(`there ${number}!`);
  receiver.send(`<message to='${sender.jid}' type='chat'><body>back ${number}!</body></message>`);
  await sender.receives(`back ${number}!`);
}

export function told({ median, p99, longest }: Waits): string {
  return `median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${longest.toFixed(1)} ms`;
}
