// All streams with other servers that stand or are being negotiated.
import { Incoming } from "./incoming.js";
import type { Outgoing } from "./outgoing.js";

export class OpenStreams {
  readonly incoming = new Set<Incoming>();
  readonly outgoing = new Set<Outgoing>();
  #allClosed: (() => void) | undefined;

  /** Resolves when none is left. */
  async closed(): Promise<void> {
    if (this.#areAny) await new Promise<void>((resolve) => (this.#allClosed = resolve));
  }

  /** The handler of a stream that is over. */
  forget(handler: unknown): void {
    if (handler instanceof Incoming) this.incoming.delete(handler);
    else this.outgoing.delete(handler as Outgoing);
    if (!this.#areAny) this.#allClosed?.();
  }

  /** Past so many from one domain the oldest goes: it is the likeliest to be dead. Mere claims do not count. */
  endOldest(sender: string, newcomer: Incoming, most: number): void {
    const streams = [...this.incoming].filter(({ link, stream }) => link?.remote === sender && !stream.isClosing);
    const oldest = streams.find((each) => each !== newcomer);
    if (streams.length > most) oldest?.supersede();
  }

  get #areAny(): boolean {
    return this.incoming.size + this.outgoing.size > 0;
  }
}
