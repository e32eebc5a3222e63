// What is sent to all goes in the order in which it was said, although some of it has to be stored first and some not.

/** A job and what it is still waiting for. */
interface Begun {
  readonly done: void | Promise<void>;
}

export class InOrder {
  /** Settles when all that was to be sent so far is on its way; undefined when that is so. */
  #last: Promise<void> | undefined;

  /**
   * Does the job once `ready` is resolved and the jobs before it have begun; at once if that is so. Who had to wait asks
   * `due` in the end, as often as it gives something more to wait for.
   */
  send(
    ready: Promise<void> | undefined,
    job: () => void | Promise<void>,
    due: () => Promise<void> | undefined = nothing,
  ): void | Promise<void> {
    if (ready === undefined && this.#last === undefined) return job();
    // What a job begins does not hold up the next one: it must not be taken for the job's own promise.
    const begun = Promise.all([ready, this.#last]).then(() => onceDue(due, job));
    const last = begun.then(ended, ended).then(() => {
      if (this.#last === last) this.#last = undefined;
    });
    this.#last = last;
    return begun.then(({ done }) => done);
  }
}

function onceDue(due: () => Promise<void> | undefined, job: () => void | Promise<void>): Promise<Begun> | Begun {
  const more = due();
  return more === undefined ? { done: job() } : more.then(() => onceDue(due, job));
}

function nothing(): undefined {
  return undefined;
}

function ended(): void {
  // One that is not sent is no reason not to send the next.
}
