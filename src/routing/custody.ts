// Who still answers for a stanza: a stream that acknowledges does so only once what the stanza caused is on disk.

/** Whoever wants to know when the stanza that is being handled is over: the stream that acknowledges it (XEP-0198). */
export interface Custodian {
  /** What the stanza leads to is not over yet; to be released once. Of the same stanza, until then, is what holds more. */
  hold(): Hold;
}

export interface Hold extends Custodian {
  release(): void;
}

/**
 * Knows whose stanza is being handled at this moment. Whatever a handler begins and does not end within the same call, it
 * hands to `later` or `until`; nobody pays for that when the stanza's stream does not acknowledge.
 */
export class Custody {
  #custodian: Custodian | undefined;

  /** Whether anybody wants to know when the stanza that is handled now is over. */
  get isTaken(): boolean {
    return this.#custodian !== undefined;
  }

  /** Handles a stanza in the name of a stream: `handle` with these facts, which cost less than a closure for each stanza. */
  of<Facts extends unknown[]>(custodian: Custodian, handle: (...facts: Facts) => void, ...facts: Facts): void {
    const before = this.#custodian;
    this.#custodian = custodian;
    try {
      handle(...facts);
    } finally {
      this.#custodian = before;
    }
  }

  /** The job, to be called once at another time, as a part of what is handled now. */
  later<Facts extends unknown[]>(job: (...facts: Facts) => void): (...facts: Facts) => void {
    const custodian = this.#custodian;
    if (custodian === undefined) return job;
    const hold = custodian.hold();
    return (...facts) => {
      try {
        this.of(hold, job, ...facts);
      } finally {
        hold.release();
      }
    };
  }

  /** What is handled now is over only when the promise has settled, in whatever way. */
  until(done: Promise<unknown>): void {
    const hold = this.#custodian?.hold();
    if (hold === undefined) return;
    const release = (): void => hold.release();
    done.then(release, release);
  }
}
