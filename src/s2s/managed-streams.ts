// Streams of other servers that may be gone on with after they were lost (XEP-0198 §5), by the id that we gave them.
import type { Clock } from "../extension/clock.js";
import type { Incoming } from "./incoming.js";
import type { Management } from "./management.js";

interface Managed {
  readonly management: Management;
  readonly sender: string;
  readonly target: string;
  incoming: Incoming;
  /** Milliseconds since 1970; Infinity while its stream stands. */
  until: number;
}

/** Lost streams that are remembered at one time; past it the one that was lost first is forgotten. */
const mostLost = 10_000;

export class ManagedStreams {
  readonly #streams = new Map<string, Managed>();

  constructor(
    private readonly clock: Clock,
    /** Milliseconds that a lost stream is remembered. */
    private readonly resumeTime: number,
  ) {}

  add(incoming: Incoming, management: Management): void {
    const { id } = management;
    const { remote, local } = incoming;
    if (id === undefined || remote === undefined || local === undefined) return;
    this.#streams.set(id, { management, sender: remote, target: local, incoming, until: Infinity });
  }

  /** Hands a stream on to the one that goes on with it, of the same pair; the former, if it still stands, ends. */
  resume(incoming: Incoming, id: string): Management | undefined {
    const managed = this.#streams.get(id);
    if (managed === undefined || managed.sender !== incoming.remote || managed.target !== incoming.local)
      return undefined;
    const former = managed.incoming;
    managed.incoming = incoming;
    managed.until = Infinity;
    if (former !== incoming) former.supersede();
    return managed.management;
  }

  /** The stream is over: forgotten when that was said, else kept for a while. */
  ended(incoming: Incoming, isInOrder: boolean): void {
    const id = incoming.link?.management?.id;
    const managed = id === undefined ? undefined : this.#streams.get(id);
    if (id === undefined || managed?.incoming !== incoming) return;
    this.#streams.delete(id);
    if (isInOrder) return;
    managed.until = this.clock.now() + this.resumeTime;
    this.#streams.set(id, managed); // behind all that were lost before
    this.#shrink();
  }

  tick(now: number): void {
    for (const [id, { until }] of this.#streams) if (until <= now) this.#streams.delete(id);
  }

  #shrink(): void {
    if (this.#streams.size <= mostLost) return;
    for (const [id, { until }] of this.#streams) {
      if (until === Infinity) continue;
      this.#streams.delete(id);
      return;
    }
  }
}
