// Those who were put out because nothing got through to them, or while that was so, and may not know it: they are told again.
import type { Clock, Jid, OpenService, Stanza } from "../../src/extension/index.js";

/** What says that a server can't be reached, or that too much waits for it. Others say that there is nobody to be told. */
const passing: ReadonlySet<string> = new Set([
  "remote-server-not-found",
  "remote-server-timeout",
  "resource-constraint",
]);

/** Remembered at one time; past it the oldest is forgotten. */
const most = 10_000;

/** Milliseconds: whoever looks at their rooms at all has found out by then (XEP-0410). */
const longest = 86_400_000;

interface Farewell {
  readonly presence: Stanza;
  /** Milliseconds since 1970. */
  readonly until: number;
  hasComeBack: boolean;
}

export class Farewells {
  /** By whom it tells, and of which room: of each room but the last one. */
  readonly #all = new Map<string, Farewell>();

  constructor(
    private readonly service: Pick<OpenService, "send">,
    private readonly clock: Clock,
    private readonly isOfThisServer: (jid: Jid) => boolean,
  ) {}

  /** This unavailable presence is on its way to another server, and may come back. */
  note(presence: Stanza): void {
    const to = presence.to as Jid;
    if (this.isOfThisServer(to)) return;
    const key = keyOf(to, presence.from as Jid);
    this.#all.delete(key);
    this.#all.set(key, { presence, until: this.clock.now() + longest, hasComeBack: false });
    const [oldest] = this.#all.keys();
    if (this.#all.size > most && oldest !== undefined) this.#all.delete(oldest);
  }

  /** The address that somebody had in the room who was put out of it. */
  addressOf(jid: Jid, room: Jid): Jid | undefined {
    return this.#all.get(keyOf(jid, room))?.presence.from;
  }

  /** They have entered again. */
  forget(jid: Jid, room: Jid): void {
    this.#all.delete(keyOf(jid, room));
  }

  /** A presence has come back. */
  returned(error: Stanza): void {
    const farewell = this.#all.get(keyOf(error.from as Jid, error.to as Jid));
    if (farewell !== undefined && passing.has(conditionOf(error) ?? "")) farewell.hasComeBack = true;
  }

  /** Every now and then: where one has come back it is tried anew. */
  sendAgain(): void {
    const now = this.clock.now();
    for (const [key, farewell] of this.#all) {
      if (farewell.until <= now) this.#all.delete(key);
      else if (farewell.hasComeBack) {
        farewell.hasComeBack = false;
        this.service.send(farewell.presence);
      }
    }
  }
}

function keyOf(jid: Jid, room: Jid): string {
  return `${jid.toString()} ${room.bare.toString()}`;
}

/** What an error says. */
export function conditionOf(error: Stanza): string | undefined {
  return error.element().getChild("error")?.getChildElements()[0]?.getName();
}
