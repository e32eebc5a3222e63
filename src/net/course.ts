// The race for one target: its addresses are tried one after the other, each with a head start (RFC 8305 §5).
import type { Socket } from "node:net";
import { interlaced } from "./addresses.js";
import { Attempt, type Connect, type ConnectStep } from "./attempt.js";
import type { LookupWatch } from "./lookup.js";
import type { Target } from "./target.js";

export interface CourseOptions {
  readonly addressesOf: (host: string, watch?: LookupWatch) => Promise<readonly string[]>;
  readonly connect: Connect;
  /** Milliseconds for one address. */
  readonly connectTimeout: number;
  /** Milliseconds until the next address is tried as well. */
  readonly attemptDelay: number;
  /** Milliseconds without a connection, after the last address has had its start, that make a target a slow one. */
  readonly patience: number;
  readonly lookedUp: LookupWatch;
  readonly tried: (step: ConnectStep) => void;
}

/** What becomes of a course. */
export interface CourseEvents {
  reached(course: Course, socket: Socket, address: string): void;
  /** Others may start; this one goes on. May come more than once. */
  slow(course: Course): void;
  /** Every address has failed, or there is none. */
  failed(course: Course, lookupError?: unknown): void;
}

export class Course {
  readonly target: Target;
  readonly #options: CourseOptions;
  readonly #events: CourseEvents;
  readonly #underWay = new Set<Attempt>();
  #waiting: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(target: Target, options: CourseOptions, events: CourseEvents) {
    this.target = target;
    this.#options = options;
    this.#events = events;
  }

  begin(): void {
    const { addressesOf, lookedUp, patience } = this.#options;
    this.#timer = setTimeout(this.#slow, patience); // a slow name server holds nobody up either
    addressesOf(this.target.host, lookedUp).then(
      (addresses) => {
        this.#waiting = interlaced(addresses);
        this.#advance();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  /** Gives up all that is under way; nothing is said any more, but of each attempt that it was abandoned. */
  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    for (const attempt of this.#underWay) attempt.abandon();
  }

  readonly #slow = (): void => this.#events.slow(this);

  readonly #advance = (): void => {
    if (this.#isOver) return;
    const address = this.#waiting.shift();
    if (address !== undefined) this.#try(address);
    else if (this.#underWay.size === 0) this.#fail();
  };

  #try(address: string): void {
    const { connect, connectTimeout, attemptDelay, patience, tried } = this.#options;
    const attempt = new Attempt(this.target, address, connectTimeout, connect, (step, socket) => {
      this.#underWay.delete(attempt);
      tried(step);
      if (step.outcome === "connected") this.#reach(socket, address);
      else this.#advance(); // RFC 8305 §5: a failure need not be waited out
    });
    this.#underWay.add(attempt);
    clearTimeout(this.#timer);
    const hasMore = this.#waiting.length > 0;
    this.#timer = setTimeout(hasMore ? this.#advance : this.#slow, hasMore ? attemptDelay : patience);
  }

  #reach(socket: Socket, address: string): void {
    this.stop();
    this.#events.reached(this, socket, address);
  }

  #fail(lookupError?: unknown): void {
    if (this.#isOver) return;
    this.stop();
    this.#events.failed(this, lookupError);
  }
}
