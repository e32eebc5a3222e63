// The generator process: runs the one job that its argument describes, and sends what it measured to its parent.
import type { Job, Outcome, Sample, ScenarioKind } from "../job.js";
import { idle, logIn } from "./arrivals.js";
import { chat, chatAcross, chatAtRate } from "./chat.js";
import { converseInRoom } from "./groupchat.js";
import { joinCrowd } from "./join.js";
import { Meter } from "./meter.js";
import { store } from "./offline.js";
import { broadcast } from "./presence.js";
import { idleRooms } from "./idle-rooms.js";
import { Door } from "./session.js";

const scenarios: Readonly<Record<ScenarioKind, (door: Door, meter: Meter) => Promise<Sample[]>>> = {
  c2c: chat,
  "c2c-rate": chatAtRate,
  s2s: chatAcross,
  presence: broadcast,
  offline: store,
  login: logIn,
  idle,
  muc: converseInRoom,
  "muc-join": joinCrowd,
  "muc-idle": idleRooms,
};

async function run(job: Job): Promise<Outcome> {
  try {
    return { samples: await scenarios[job.scenario](new Door(job.target, job.transport), new Meter(job)) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

// The argument was written by the bench itself (see generate() in bench/run.ts).
const outcome = await run(JSON.parse(process.argv[2] ?? "") as Job);
process.send?.(outcome, () => process.exit());
