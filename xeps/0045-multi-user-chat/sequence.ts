// The order in which a room does things: messages that are being stored may overlap, everything else waits for them.

interface Waiting {
  readonly isAlone: boolean;
  readonly begin: () => void;
}

/**
 * What is shown to occupants must be in the history even after a crash, so a message goes out once it is stored. Meanwhile
 * further messages may be on their way to the disk, but nothing else may happen: who enters must not be sent a message
 * both as history and as it goes out, and who leaves must not be shown leaving before what they said. Likewise a change
 * that has to be stored before everybody is told of it is done before anything else begins. So a job must never wait for
 * another one of the same room.
 */
export class Sequence {
  #overlapping = 0;
  #isHeld = false;
  readonly #waiting: Waiting[] = [];

  get isIdle(): boolean {
    return this.#overlapping === 0 && !this.#isHeld && this.#waiting.length === 0;
  }

  /** How many jobs have not begun. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Does the job once nothing else is under way, at once if that is so; nothing else begins until it is done. */
  alone<T>(job: () => T | Promise<T>): T | Promise<T> {
    return this.isIdle ? this.#runAlone(job) : this.#wait(true, () => this.#runAlone(job));
  }

  /** Begins the job as soon as those alone before it are done; others that overlap may begin before it is done. */
  overlapping(job: () => void | Promise<void>): void | Promise<void> {
    const mayBegin = !this.#isHeld && this.#waiting.length === 0;
    return mayBegin ? this.#runOverlapping(job) : this.#wait(false, () => this.#runOverlapping(job));
  }

  #runAlone<T>(job: () => T | Promise<T>): T | Promise<T> {
    const done = this.#hold(job);
    if (!(done instanceof Promise)) return done;
    this.#isHeld = true;
    return done.finally(() => this.#release());
  }

  #runOverlapping(job: () => void | Promise<void>): void | Promise<void> {
    const done = this.#hold(job);
    if (!(done instanceof Promise)) return;
    this.#overlapping += 1;
    return done.finally(() => {
      this.#overlapping -= 1;
      this.#proceed();
    });
  }

  /** What a job sends may come back while it is still at work, such as the farewell of a session that can't take more. */
  #hold<T>(job: () => T): T {
    this.#isHeld = true;
    try {
      return job();
    } finally {
      this.#isHeld = false;
      if (this.#waiting.length > 0) queueMicrotask(() => this.#proceed());
    }
  }

  #release(): void {
    this.#isHeld = false;
    this.#proceed();
  }

  #wait<T>(isAlone: boolean, job: () => T | Promise<T>): Promise<T> {
    const begun = async (): Promise<T> => job();
    return new Promise((resolve) => {
      this.#waiting.push({ isAlone, begin: () => resolve(begun()) });
    });
  }

  #proceed(): void {
    while (!this.#isHeld) {
      const next = this.#waiting[0];
      if (next === undefined || (next.isAlone && this.#overlapping > 0)) return;
      this.#waiting.shift();
      next.begin();
    }
  }
}
