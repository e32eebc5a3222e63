// Brings the messages of rooms to the accounts of those who are not there.
import { type HostServices, type Jid, type Log, type OpenService, type Stanza } from "../../src/extension/index.js";
import type { Room } from "../0045-multi-user-chat/index.js";
import { hasChosen, withoutChoice } from "./choice.js";

export interface DeliveringHost extends Pick<HostServices, "sessionsOf" | "offline"> {
  readonly log: Log;
}

/** A message that was said and is not shown yet. */
interface Said {
  readonly message: Stanza;
  /** In whose accounts it is, or is about to be. Whoever is among them is so for all that was said before it, too. */
  readonly holders: Set<Jid>;
}

/**
 * A message is stored for whoever is not there as it is said, as one with the history; and before it is shown for whoever
 * has gone meanwhile: what anybody has seen is in the account even after a crash. All others are sent it then. Whoever
 * could not take even that finds it in their account after all; there a crash may be faster, as it may be for what is on
 * its way to an occupant.
 */
export class Delivery {
  readonly #said = new WeakMap<Room, Said[]>();
  readonly #copies = new WeakMap<Room, number>();

  constructor(
    private readonly host: DeliveringHost,
    private readonly service: OpenService,
  ) {}

  /** How many copies of the room's messages are being stored. */
  underWay(room: Room): number {
    return this.#copies.get(room) ?? 0;
  }

  /** As it is said. Undefined when everybody is there; the promise settles when the copies of all others are on disk. */
  keep(room: Room, message: Stanza, jids: Iterable<Jid>): Promise<void> | undefined {
    const absent = [...jids].filter((jid) => this.#takersOf(room, jid) === undefined);
    const all = this.#saidIn(room);
    const missed = missedBy(absent, all);
    const said: Said = { message, holders: new Set() };
    all.push(said);
    if (absent.length === 0) return undefined;
    const each = [...missed, [said, absent] as const].map(async ([one, to]) => this.#store(room, one, to));
    return Promise.all(each).then(() => undefined);
  }

  /** As it is about to be shown: for those who have gone since it was said. Undefined when there are none any more. */
  keepForGone(room: Room, message: Stanza, jids: Iterable<Jid>): Promise<void> | undefined {
    const said = this.#saidIn(room).find((each) => each.message === message);
    if (said === undefined) return undefined;
    const gone = [...jids].filter((jid) => !said.holders.has(jid) && this.#takersOf(room, jid) === undefined);
    return this.#store(room, said, gone);
  }

  /** When it was shown. Undefined when it is done; the promise settles when every copy is on disk. */
  deliver(room: Room, message: Stanza, jids: Iterable<Jid>): Promise<void> | undefined {
    const said = this.#shown(room, message);
    const online: Jid[] = [];
    const gone: Jid[] = [];
    for (const jid of jids) {
      if (said.holders.has(jid)) continue;
      const takers = this.#takersOf(room, jid);
      if (takers === undefined) gone.push(jid);
      else online.push(...takers);
    }
    if (online.length > 0) this.service.sendToAll(message, online);
    return this.#store(room, said, gone);
  }

  /** Nothing before it waits to be shown any more: what could not be kept never will be. */
  #shown(room: Room, message: Stanza): Said {
    const all = this.#saidIn(room);
    const index = all.findIndex((said) => said.message === message);
    return all.splice(0, index + 1).at(-1) ?? { message, holders: new Set() };
  }

  #saidIn(room: Room): Said[] {
    const all = this.#said.get(room) ?? [];
    this.#said.set(room, all);
    return all;
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

  #store(room: Room, { message, holders }: Said, jids: readonly Jid[]): Promise<void> | undefined {
    if (jids.length === 0) return undefined;
    for (const jid of jids) holders.add(jid);
    this.#copies.set(room, this.underWay(room) + jids.length);
    const stored = this.#append(room, message, jids);
    return stored.finally(() => this.#copies.set(room, this.underWay(room) - jids.length));
  }

  async #append(room: Room, message: Stanza, jids: readonly Jid[]): Promise<void> {
    const { offline, log } = this.host;
    const users = new Map(jids.map((jid) => [jid.local, jid]));
    try {
      for (const { user, isKnown } of await offline.appendToAll([...users.keys()], message)) {
        const jid = users.get(user);
        if (isKnown) log.debug("room-message-over-quota", { room: room.jid, user: jid });
        else if (jid !== undefined) await forget(room, jid);
      }
    } catch (error) {
      // The message is said all the same: its sender must not be told otherwise.
      log.error("room-message-not-stored", { room: room.jid, error });
    }
  }
}

/** Who was there a moment ago must find in their account first what they have not been shown meanwhile. */
function missedBy(absent: readonly Jid[], all: readonly Said[]): (readonly [Said, readonly Jid[]])[] {
  const last = all.at(-1);
  const gone = last === undefined ? [] : absent.filter((jid) => !last.holders.has(jid));
  if (gone.length === 0) return [];
  return all.map((said) => [said, gone.filter((jid) => !said.holders.has(jid))]);
}

/** The account is gone: whoever takes its name later has not chosen anything. */
async function forget(room: Room, jid: Jid): Promise<void> {
  const standing = room.standingOf(jid);
  if (hasChosen(standing)) await room.remember(jid, withoutChoice(standing));
}
