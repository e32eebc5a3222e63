// What extensions offer to the server's operator, by name: the command line finds it here and knows no extension.
import type { RoomOperations } from "./room-operations.js";

export interface HostOffers {
  readonly rooms: RoomOperations;
}

/** The offers of one host. */
export class OfferTable {
  readonly #offers = new Map<keyof HostOffers, { readonly owner: string; readonly offer: unknown }>();

  add<N extends keyof HostOffers>(name: N, owner: string, offer: HostOffers[N]): void {
    const present = this.#offers.get(name);
    if (present !== undefined) throw new Error(`${owner} offers ${name}, which ${present.owner} offers already.`);
    this.#offers.set(name, { owner, offer });
  }

  /** Undefined when no extension that is on offers it. */
  get<N extends keyof HostOffers>(name: N): HostOffers[N] | undefined {
    return this.#offers.get(name)?.offer as HostOffers[N] | undefined; // as it was added under this name
  }

  remove(owner: string): void {
    for (const [name, each] of this.#offers) if (each.owner === owner) this.#offers.delete(name);
  }
}
