// What is sent to all goes in the order in which it was said, although some of it has to be stored first and some not.

export class InOrder {
  /** Settles when all that was to be sent so far is on its way; undefined when that is so. */
  #last: Promise<void> | undefined;

  /** Does the job once `ready` is resolved and the jobs before it have begun; at once if that is so. */
  send(ready: Promise<void> | undefined, job: () => void | Promise<void>): void | Promise<void> {
    if (ready === undefined && this.#last === undefined) return job();
    // What a job begins does not hold up the next one: it must not be taken for the job's own promise.
    const begun = Promise.all([ready, this.#last]).then(() => ({ done: job() }));
    const last = begun.then(ended, ended).then(() => {
      if (this.#last === last) this.#last = undefined;
    });
    this.#last = last;
    return begun.then(({ done }) => done);
  }
}

function ended(): void {
  // One that is not sent is no reason not to send the next.
}
