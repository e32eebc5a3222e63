// Live view of stanzas: what came in, what went out, and which stage of which extension acted on it.
import { elideText } from "./elide-text.js";

/** What a trace needs to know of a stanza. */
export interface TracedStanza {
  readonly kind: string;
  readonly from: { toString(): string } | undefined;
  readonly to: { toString(): string } | undefined;
  toXml(): string;
}

export interface TraceEvent {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** in: came from a stream. out: goes to one. through: a stage acted on it in between. */
  readonly direction: "in" | "out" | "through";
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  /** The stream's address, for in and out, when it is known. */
  readonly session?: string;
  readonly stage?: string;
  readonly extension?: string;
  /** What came of it: "refused: not-allowed", "stored offline" … */
  readonly outcome?: string;
  /** The stanza, what users wrote left out. */
  readonly xml: string;
  /** How many events before this one were lost because the subscriber was too slow. */
  readonly dropped: number;
}

type Facts = Pick<TraceEvent, "direction"> & Partial<Pick<TraceEvent, "session" | "stage" | "extension" | "outcome">>;

/** Events that wait for a subscriber; past this many, new ones are dropped and counted. */
const CAPACITY = 1000;

export class Trace {
  /** Whether anybody looks on. The one thing that a stanza pays when nobody does. */
  isActive = false;
  readonly #subscriptions = new Set<TraceSubscription>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** A stanza came from a stream. Ask `isActive` before; likewise below. */
  received(stanza: TracedStanza, session?: string): void {
    this.#tell(stanza, { direction: "in", ...(session === undefined ? {} : { session }) });
  }

  /** A stanza goes to a stream. */
  sent(stanza: TracedStanza, session?: string): void {
    this.#tell(stanza, { direction: "out", ...(session === undefined ? {} : { session }) });
  }

  /** A stage of an extension, or of core, did something to it. */
  stage(stanza: TracedStanza, stage: string, extension: string, outcome: string): void {
    this.#tell(stanza, { direction: "through", stage, extension, outcome });
  }

  /** Looks on from now until the subscription is closed. `address`: a full JID, a bare JID with all its resources, or a domain. */
  subscribe(address: string, capacity = CAPACITY): TraceSubscription {
    const subscription = new TraceSubscription(address, capacity, () => {
      this.#subscriptions.delete(subscription);
      this.isActive = this.#subscriptions.size > 0;
    });
    this.#subscriptions.add(subscription);
    this.isActive = true;
    return subscription;
  }

  #tell(stanza: TracedStanza, facts: Facts): void {
    const from = stanza.from?.toString() ?? "";
    const to = stanza.to?.toString() ?? "";
    const concerned = [...this.#subscriptions].filter((each) => each.isAbout(from, to, facts.session));
    if (concerned.length === 0) return;
    const event = { time: this.#now(), kind: stanza.kind, from, to, ...facts, xml: elideText(stanza.toXml()) };
    for (const subscription of concerned) subscription.offer(event);
  }
}

/** One onlooker: an iterator over its events, bounded in what waits for it. */
export class TraceSubscription implements AsyncIterableIterator<TraceEvent> {
  readonly #waiting: TraceEvent[] = [];
  #dropped = 0;
  #wake: (() => void) | undefined;
  #isClosed = false;

  constructor(
    private readonly address: string,
    private readonly capacity: number,
    private readonly onClose: () => void,
  ) {}

  isAbout(...addresses: readonly (string | undefined)[]): boolean {
    return addresses.some((each) => each !== undefined && isWithin(each, this.address));
  }

  offer(event: Omit<TraceEvent, "dropped">): void {
    if (this.#isClosed) return;
    if (this.#waiting.length >= this.capacity) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push({ ...event, dropped: this.#dropped });
    this.#dropped = 0;
    this.#wake?.();
  }

  /** Ends the iteration once what waits has been read. */
  close(): void {
    this.#isClosed = true;
    this.onClose();
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<TraceEvent, undefined>> {
    while (this.#waiting.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const event = this.#waiting.shift();
    return event === undefined ? { done: true, value: undefined } : { done: false, value: event };
  }

  async return(): Promise<IteratorResult<TraceEvent, undefined>> {
    this.close();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** Whether an address is the given one, or belongs to it: a resource of the account, anything at the domain. */
function isWithin(address: string, wanted: string): boolean {
  if (address === wanted || address.startsWith(`${wanted}/`)) return true;
  if (wanted.includes("@")) return false;
  return address.split("/", 1)[0]?.endsWith(`@${wanted}`) ?? false;
}
