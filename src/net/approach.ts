// Connects to the servers of a domain, the preferred ones first (Happy Eyeballs: RFC 8305, XEP-0495).
import type { Socket } from "node:net";
import { type Connect, connectTcp, type ConnectStep } from "./attempt.js";
import { ConnectError } from "./connect-error.js";
import { Course, type CourseEvents, type CourseOptions } from "./course.js";
import type { Locator } from "./locator.js";
import type { LookupStep } from "./lookup.js";
import type { Target } from "./target.js";

export type { ConnectStep } from "./attempt.js";
export { ConnectError, type ConnectProblem } from "./connect-error.js";

export interface Reached {
  /** Nobody listens to it: whoever gets it must hear "error" before it does anything else, without awaiting. */
  readonly socket: Socket;
  readonly target: Target;
  readonly address: string;
}

export interface ApproachOptions {
  /** Milliseconds for one address. */
  readonly connectTimeout: number;
  /** Milliseconds that an address has before the next one is tried as well; 250 when left out (RFC 8305 §8). */
  readonly attemptDelay?: number;
  readonly watch?: (step: LookupStep | ConnectStep) => void;
  /** How to connect; tests. */
  readonly connect?: Connect;
}

/**
 * After how many delays the next target is tried beside one that keeps silent. XEP-0495 §4 would exhaust a priority first, which
 * a black hole makes minutes of. 1.5 s is time enough for a preferred server whose SYN got lost: it is sent again after one
 * second (RFC 6298 §2).
 */
const patienceInDelays = 6;

interface Asker {
  readonly resolve: (reached: Reached) => void;
  readonly reject: (error: Error) => void;
}

export class Approach {
  readonly #options: CourseOptions;
  #waiting: Target[];
  #asker: Asker | undefined;
  /** Targets that are being tried, in the order of their starts. */
  #courses: Course[] = [];
  readonly #steps: ConnectStep[] = [];
  #lookupError: Error | undefined;

  constructor(targets: readonly Target[], locator: Pick<Locator, "addressesOf">, options: ApproachOptions) {
    const { connectTimeout, attemptDelay = 250, watch, connect = connectTcp } = options;
    this.#waiting = [...targets];
    this.#options = {
      addressesOf: (host, lookedUp) => locator.addressesOf(host, lookedUp),
      connect,
      connectTimeout,
      attemptDelay,
      patience: attemptDelay * patienceInDelays,
      lookedUp: (step) => watch?.(step),
      tried: (step) => {
        if (step.outcome !== "abandoned") this.#steps.push(step);
        watch?.(step);
      },
    };
  }

  /**
   * The next connection, to a target that none was made to before. Targets that lost the race come once more, after the others.
   * @throws ConnectError when there is none left; LookupError when no target had as much as an address
   */
  next(): Promise<Reached> {
    if (this.#asker !== undefined) return Promise.reject(new Error("the last connection is still being made"));
    return new Promise((resolve, reject) => {
      this.#asker = { resolve, reject };
      this.#beginNext();
    });
  }

  /** Destroys what is under way, and tries nothing any more. Connections that next() gave are left alone. */
  abandon(): void {
    this.#waiting = [];
    this.#stopAll();
    this.#giveUp();
  }

  #beginNext(): void {
    const target = this.#waiting.shift();
    if (target === undefined) return this.#courses.length === 0 ? this.#giveUp() : undefined;
    const course = new Course(target, this.#options, this.#events);
    this.#courses.push(course);
    course.begin();
  }

  readonly #events: CourseEvents = {
    reached: (course, socket, address) => {
      this.#remove(course);
      this.#waiting.push(...this.#stopAll());
      this.#take()?.resolve({ socket, target: course.target, address });
    },
    slow: (course) => {
      if (course === this.#courses.at(-1)) this.#beginNext();
    },
    failed: (course, lookupError) => {
      if (lookupError instanceof Error) this.#lookupError ??= lookupError;
      const wasLast = course === this.#courses.at(-1);
      this.#remove(course);
      if (wasLast) this.#beginNext();
    },
  };

  #remove(course: Course): void {
    this.#courses = this.#courses.filter((each) => each !== course);
  }

  /** Gives the targets that were under way. */
  #stopAll(): Target[] {
    const stopped = this.#courses;
    this.#courses = [];
    for (const course of stopped) course.stop();
    return stopped.map(({ target }) => target);
  }

  #take(): Asker | undefined {
    const asker = this.#asker;
    this.#asker = undefined;
    return asker;
  }

  #giveUp(): void {
    const hasFailed = this.#steps.some(({ outcome }) => outcome !== "connected");
    const error = hasFailed ? undefined : this.#lookupError;
    this.#take()?.reject(error ?? new ConnectError(this.#steps));
  }
}
