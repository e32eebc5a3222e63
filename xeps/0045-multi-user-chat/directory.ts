// The rooms of a service: those in memory, and how the others get there and leave again.
import { type Jid, StanzaError } from "../../src/extension/index.js";
import { History } from "./history.js";
import { Room, type RoomState, type RoomSurroundings } from "./room.js";

/** What may wait for one room to be read. */
const mostWaiting = 1000;
/** How much older than the truth the last visit of a room in memory may be on disk: one write a day costs nothing. */
const visitTolerance = 86_400_000;

interface Loading {
  readonly jobs: ((failure?: StanzaError) => void)[];
  /** What the jobs need to know beside the room. */
  readonly reads: Promise<unknown>[];
}

export class Directory {
  /** By the local part of their address. */
  readonly #rooms = new Map<string, Room>();
  readonly #loading = new Map<string, Loading>();
  #surroundings!: RoomSurroundings;

  /** Called once, before anything else. */
  begin(surroundings: RoomSurroundings): void {
    this.#surroundings = surroundings;
  }

  /** Those in memory. */
  get rooms(): ReadonlyMap<string, Room> {
    return this.#rooms;
  }

  /** The room if it is in memory and nobody waits for it. */
  ready(name: string): Room | undefined {
    return this.#loading.size > 0 && this.#loading.has(name) ? undefined : this.#rooms.get(name);
  }

  /**
   * Does the job with the room, read from storage if need be, or with undefined when there is none; at once when it is in
   * memory, else in the order of the calls. The job waits for `read`, too.
   */
  with<T>(jid: Jid, job: (room: Room | undefined) => T | Promise<T>, read?: Promise<unknown>): T | Promise<T> {
    const room = this.ready(jid.local);
    if (room !== undefined) return job(room);
    return new Promise((resolve) => {
      const loading = this.#loadingOf(jid);
      if (read !== undefined) loading.reads.push(read);
      const begun = async (failure: StanzaError | undefined): Promise<T> => {
        if (failure !== undefined) throw failure;
        return job(this.#rooms.get(jid.local));
      };
      loading.jobs.push((failure) => resolve(begun(failure)));
    });
  }

  /** A new room; there is none of that name. */
  add(jid: Jid, state: RoomState): Room {
    const room = this.#make(jid, state);
    this.#rooms.set(jid.local, room);
    return room;
  }

  /** Takes it out of memory: it is gone, or can be read again. */
  forget(room: Room): void {
    if (this.#rooms.get(room.name) !== room) return;
    this.#rooms.delete(room.name);
    for (const hook of this.#surroundings.hooks.forgotten) hook(room);
  }

  /** Takes those out of memory that nobody is in and that were not used since this time (milliseconds since 1970). */
  unload(since: number): void {
    for (const room of this.#rooms.values()) {
      const isUnused = room.isStored && room.seated.size === 0 && room.usedAt < since && room.sequence.isIdle;
      room.saveVisit(isUnused ? 0 : visitTolerance)?.catch((error: unknown) => {
        this.#surroundings.log.error("room-not-saved", { room: room.jid, error });
      });
      if (isUnused) this.forget(room);
    }
  }

  #loadingOf(jid: Jid): Loading {
    const present = this.#loading.get(jid.local);
    if (present !== undefined) {
      if (present.jobs.length < mostWaiting) return present;
      throw new StanzaError("resource-constraint", { text: "Too much is waiting for this room." });
    }
    const loading: Loading = { jobs: [], reads: [] };
    this.#loading.set(jid.local, loading);
    this.#load(jid, loading).catch((error: unknown) => this.#failed(jid, loading, error));
    return loading;
  }

  async #load(jid: Jid, loading: Loading): Promise<void> {
    const room = await this.#read(jid);
    while (loading.reads.length > 0) await Promise.all(loading.reads.splice(0));
    if (room !== undefined) this.#rooms.set(jid.local, room);
    // Whoever comes while these are called waits behind them.
    for (let next = loading.jobs.shift(); next !== undefined; next = loading.jobs.shift()) next();
    this.#loading.delete(jid.local);
  }

  async #read(jid: Jid): Promise<Room | undefined> {
    const { stores, hooks } = this.#surroundings;
    const history = this.#history(jid);
    const [record, standings] = await Promise.all([
      stores.rooms.get(jid.local),
      stores.standings.entries(jid.local),
      history.load(),
    ]);
    if (record === undefined) return undefined;
    const room = new Room(jid, this.#surroundings, { ...record, standings }, history);
    await Promise.all(hooks.loaded.map((hook) => hook(room)));
    return room;
  }

  #failed(jid: Jid, { jobs }: Loading, error: unknown): void {
    this.#loading.delete(jid.local);
    this.#surroundings.log.error("room-not-read", { room: jid, error });
    // Not as if there were none: somebody would make one of the same name.
    for (const job of jobs)
      job(new StanzaError("internal-server-error", { text: "This room can't be read at present." }));
  }

  #make(jid: Jid, state: RoomState): Room {
    return new Room(jid, this.#surroundings, state, this.#history(jid));
  }

  #history(jid: Jid): History {
    const { options, stores } = this.#surroundings;
    return new History(jid, stores.history, { inMemory: options.history, stored: options.stored_history });
  }
}
