// Making a room: who may, and what it is like at first (XEP-0045 §10.1).
import { randomBytes } from "node:crypto";
import { type Jid, type Stanza, StanzaError } from "../../src/extension/index.js";
import type { RoomConfiguration } from "./configuration.js";
import type { Directory } from "./directory.js";
import { enter } from "./enter.js";
import type { Room, RoomSurroundings } from "./room.js";

export class Creation {
  /** The names of the stored rooms of somebody who may be about to make one; for as long as the question is open. */
  readonly #owned = new Map<Jid, { asking: number; stored: ReadonlyMap<string, string> }>();

  constructor(
    private readonly directory: Directory,
    private readonly surroundings: RoomSurroundings,
    /** Of rooms as they are made. */
    readonly configuration: RoomConfiguration,
    /** The host whose users are at home here. */
    private readonly home: string,
  ) {}

  /** Reads which rooms they own already: must be done before `create`. */
  async prepare(owner: Jid): Promise<void> {
    const question = this.#owned.get(owner) ?? { asking: 0, stored: new Map<string, string>() };
    this.#owned.set(owner, question);
    question.asking += 1;
    try {
      question.stored = await this.surroundings.stores.owned.entries(owner.toString());
    } finally {
      question.asking -= 1;
      // Whoever waits for this goes on in this very turn.
      if (question.asking === 0) setImmediate(() => question.asking === 0 && this.#owned.delete(owner));
    }
  }

  /** A new room, locked until its owner has configured it. Throws when they may not. */
  create(jid: Jid, owner: Jid): Room {
    this.#requireMayCreate(owner);
    return this.make(jid, owner, owner);
  }

  /** Likewise, whoever asks for it; undefined for the operator. */
  make(jid: Jid, owner: Jid, by: Jid | undefined): Room {
    const { clock, log } = this.surroundings;
    const now = clock.now();
    const room = this.directory.add(jid, {
      configuration: this.configuration,
      subject: undefined,
      secret: randomBytes(24).toString("base64"),
      createdAt: now,
      visitedAt: now,
      standings: new Map([[owner.toString(), { affiliation: "owner" }]]),
    });
    room.isLocked = true;
    log.info("room-created", { room: jid, owner, by });
    return room;
  }

  #requireMayCreate(owner: Jid): void {
    const { admins, options } = this.surroundings;
    if (admins.has(owner)) return;
    const isAllowed = options.creation === "everybody" || (options.creation === "host" && owner.domain === this.home);
    if (!isAllowed) throw new StanzaError("not-allowed", { text: "You may not make rooms here." });
    const owned = this.#roomsOf(owner);
    if (owned < options.rooms_per_user) return;
    throw new StanzaError("not-allowed", { text: `You own ${owned} rooms; that is the most allowed here.` });
  }

  /** Those that were stored when that was read, and those in memory: of them some may have been stored since. */
  #roomsOf(owner: Jid): number {
    const stored = this.#owned.get(owner)?.stored;
    let count = stored?.size ?? 0;
    for (const room of this.directory.rooms.values()) {
      if (room.standingOf(owner)?.affiliation === "owner" && stored?.has(room.name) !== true) count += 1;
    }
    return count;
  }
}

/** §10.1.1: whoever makes it is in it. Is there no place for them, there is no room. */
export function createAndEnter(creation: Creation, request: Stanza): void | Promise<void> {
  const { from, to } = request as { readonly from: Jid; readonly to: Jid };
  if (to.isBare) throw new StanzaError("jid-malformed"); // §7.2.1
  const room = creation.create(to.bare, from.bare);
  try {
    return enter(room, request, true);
  } catch (error) {
    room.unseat(from);
    room.isDestroyed = true;
    room.surroundings.forget(room);
    throw error;
  }
}
