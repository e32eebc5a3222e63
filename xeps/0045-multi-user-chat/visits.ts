// In how many rooms of a service each session is: there is a limit.
import { type Jid, StanzaError } from "../../src/extension/index.js";

export class Visits {
  /** By full JID. */
  readonly #rooms = new Map<Jid, number>();

  constructor(private readonly most: number) {}

  /** Throws when the session may enter no more. */
  requireOneMore(jid: Jid): void {
    if ((this.#rooms.get(jid) ?? 0) < this.most) return;
    throw new StanzaError("resource-constraint", {
      text: `You are in ${this.most} rooms; that is the most allowed here.`,
    });
  }

  begin(jid: Jid): void {
    this.#rooms.set(jid, (this.#rooms.get(jid) ?? 0) + 1);
  }

  end(jid: Jid): void {
    const left = (this.#rooms.get(jid) ?? 0) - 1;
    if (left > 0) this.#rooms.set(jid, left);
    else this.#rooms.delete(jid);
  }
}
