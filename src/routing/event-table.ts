// Which extensions are to be told of which events of a host.
import type { HostEvents } from "../extension/host.js";

export type EventHandler<E extends keyof HostEvents> = (...facts: HostEvents[E]) => void | Promise<void>;

interface Listener<E extends keyof HostEvents> {
  readonly owner: string;
  readonly handler: EventHandler<E>;
}

type Listeners = { [E in keyof HostEvents]?: readonly Listener<E>[] };

export class EventTable {
  readonly #listeners: Listeners = {};

  /** `failed`: told when an extension throws or rejects; the others are told all the same. */
  constructor(private readonly failed: (owner: string, event: string, error: unknown) => void) {}

  add<E extends keyof HostEvents>(event: E, owner: string, handler: EventHandler<E>): void {
    const listeners: Listener<E>[] = [...this.#of(event), { owner, handler }];
    Object.assign(this.#listeners, { [event]: listeners });
  }

  /** The promise settles when all that they do about it is done, and never rejects. Undefined: nothing to wait for. */
  emit<E extends keyof HostEvents>(event: E, ...facts: HostEvents[E]): Promise<unknown> | undefined {
    let pending: Promise<void>[] | undefined;
    for (const { owner, handler } of this.#of(event)) {
      const failed = (error: unknown): void => this.failed(owner, event, error);
      try {
        const result = handler(...facts);
        if (result instanceof Promise) (pending ??= []).push(result.catch(failed));
      } catch (error) {
        failed(error);
      }
    }
    return pending === undefined ? undefined : Promise.all(pending);
  }

  #of<E extends keyof HostEvents>(event: E): readonly Listener<E>[] {
    return this.#listeners[event] ?? [];
  }
}
