// login and idle: sessions that come, and sessions that stay and say nothing.
import { setTimeout as elapse } from "node:timers/promises";
import type { Sample } from "../job.js";
import { pssKibibytes } from "../measure/processes.js";
import type { Meter } from "./meter.js";
import type { Door } from "./session.js";

/** Accounts that log in, in turn. */
const ACCOUNTS = 200;
const IDLE_SECONDS = 10;

/** Logs in and out again, `window` sessions at a time; a unit is one login with its logout. */
export async function logIn(door: Door, meter: Meter): Promise<Sample[]> {
  let isOpen = true;
  let next = 0;
  const worker = async () => {
    while (isOpen) {
      await door.leave(await door.enter({ account: next++ % ACCOUNTS }));
      meter.units += 1;
    }
  };
  const workers = Promise.all(Array.from({ length: meter.job.window }, worker));
  const samples = await Promise.race([meter.steady(), workers.then(() => [])]);
  isOpen = false;
  await workers;
  return samples;
}

/** Opens thousands of sessions, then measures ten seconds in which none of them says anything. */
export async function idle(door: Door, meter: Meter): Promise<Sample[]> {
  const { pid } = meter.job.target;
  const sessions = meter.job.effort.idlers;
  const before = pssKibibytes(pid);
  const connections = await door.enterAll(Array.from({ length: sessions }, (_, account) => ({ account })));
  for (const connection of connections) connection.consume();
  await elapse(IDLE_SECONDS * 1000);
  const sample = await meter.during(async () => {
    await elapse(IDLE_SECONDS * 1000);
    meter.units += sessions;
  });
  return [{ ...sample, pss: pssKibibytes(pid) - before }];
}
