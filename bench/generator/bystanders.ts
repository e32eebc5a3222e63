// Those who talk in small rooms while a large one is joined: on a thread of their own, which the crowd does not hold up.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Job } from "../job.js";

const THREAD = new URL("bystander-thread.js", import.meta.url);

/** What the thread is started with. */
export interface Gathering {
  readonly job: Job;
  /** The first account that is theirs. */
  readonly firstAccount: number;
}

export class Bystanders {
  private constructor(private readonly thread: Worker) {}

  /** Resolves when all are in their rooms. */
  static async gather(job: Job, firstAccount: number): Promise<Bystanders> {
    const gathering: Gathering = { job, firstAccount };
    const thread = new Worker(THREAD, { workerData: gathering });
    await once(thread, "message"); // rejects when the thread fails
    return new Bystanders(thread);
  }

  /** How long each message took that was sent while `work` ran, in milliseconds. */
  async during(work: () => Promise<void>): Promise<readonly number[]> {
    this.thread.postMessage("talk");
    await work();
    this.thread.postMessage("listen");
    // The thread sends nothing else.
    const [latencies] = (await once(this.thread, "message")) as [readonly number[]];
    return latencies;
  }
}
