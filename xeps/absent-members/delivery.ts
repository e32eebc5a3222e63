// Brings the messages of rooms to the accounts of those who are not there.
import {
  type HostServices,
  type Jid,
  type Log,
  type OpenService,
  type Stanza,
  StorageError,
  Turns,
} from "../../src/extension/index.js";
import type { Room } from "../0045-multi-user-chat/index.js";
import { hasChosen, withoutChoice } from "./choice.js";

/** What is handed to storage at a time, for one room: copies, and their characters together. */
const mostCopies = 500;
const mostCharacters = 1_000_000;

export interface DeliveringHost extends Pick<HostServices, "sessionsOf" | "offline"> {
  readonly log: Log;
}

export class Delivery {
  readonly #turns = new Turns<Room>();
  readonly #underWay = new WeakMap<Room, number>();

  constructor(
    private readonly host: DeliveringHost,
    private readonly service: OpenService,
  ) {}

  /** How many messages of the room are being stored. */
  underWay(room: Room): number {
    return this.#underWay.get(room) ?? 0;
  }

  /** Undefined when it is done; the promise settles when every copy is on disk or with a session. */
  deliver(room: Room, message: Stanza, jids: Iterable<Jid>): Promise<void> | undefined {
    const online: Jid[] = [];
    const offline: Jid[] = [];
    for (const jid of jids) {
      const takers = this.#takersOf(room, jid);
      if (takers === undefined) offline.push(jid);
      else online.push(...takers);
    }
    if (online.length > 0) this.service.sendToAll(message, online);
    return offline.length === 0 ? undefined : this.#storeInTurn(room, message, offline);
  }

  /** The available sessions that are not in the room themselves; undefined when nobody is there at all. */
  #takersOf(room: Room, jid: Jid): readonly Jid[] | undefined {
    const takers: Jid[] = [];
    let isInRoom = false;
    for (const { jid: session, presence, priority } of this.host.sessionsOf(jid)) {
      if (room.seated.has(session)) isInRoom = true;
      else if (presence !== undefined && priority >= 0) takers.push(session);
    }
    return isInRoom || takers.length > 0 ? takers : undefined;
  }

  /** One message of a room after the other, so that they stay in order. */
  #storeInTurn(room: Room, message: Stanza, jids: readonly Jid[]): Promise<void> {
    this.#underWay.set(room, this.underWay(room) + 1);
    const stored = this.#turns.take(room, () => this.#storeAll(room, message, jids));
    return stored.finally(() => this.#underWay.set(room, this.underWay(room) - 1));
  }

  async #storeAll(room: Room, message: Stanza, jids: readonly Jid[]): Promise<void> {
    const copies = Math.ceil(Math.min(mostCopies, mostCharacters / message.body.content.length));
    for (let start = 0; start < jids.length; start += copies) {
      const batch = jids.slice(start, start + copies).map((jid) => this.#store(room, message, jid));
      const failed = (await Promise.allSettled(batch)).find((each) => each.status === "rejected");
      // The message has been said all the same: its sender must not be told otherwise.
      if (failed !== undefined)
        this.host.log.error("room-message-not-stored", { room: room.jid, error: failed.reason as unknown });
    }
  }

  async #store(room: Room, message: Stanza, jid: Jid): Promise<void> {
    const { offline, log } = this.host;
    // Who has come meanwhile may have been sent what was stored already.
    const takers = this.#takersOf(room, jid);
    if (takers !== undefined) return this.service.sendToAll(message, takers);
    try {
      const isStored = await offline.append({ key: { host: jid.domain, user: jid.local } }, message.readdressed(jid));
      if (!isStored) log.debug("room-message-over-quota", { room: room.jid, user: jid });
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== "no-account") throw error;
      await forget(room, jid);
    }
  }
}

/** The account is gone: whoever takes its name later has not chosen anything. */
async function forget(room: Room, jid: Jid): Promise<void> {
  const standing = room.standingOf(jid);
  if (hasChosen(standing)) await room.remember(jid, withoutChoice(standing));
}
