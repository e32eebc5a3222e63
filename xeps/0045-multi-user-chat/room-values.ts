// One value that an extension keeps of each room: in memory with the room, and on disk for as long as the room is.
import type { HostMap } from "../../src/extension/index.js";
import type { Hooks } from "./hooks.js";
import type { Room } from "./room.js";

export class RoomValues<T> {
  readonly #known = new WeakMap<Room, T>();

  constructor(
    { loaded, kept, destroyed }: Hooks,
    /** By the room's name. */
    private readonly store: HostMap<T>,
  ) {
    loaded.push(async (room) => {
      const stored = await store.get(room.name);
      if (stored !== undefined) this.#known.set(room, stored);
    });
    kept.push(async (room) => {
      const value = this.#known.get(room);
      if (value !== undefined) await store.set(room.name, value);
    });
    destroyed.push((room) => store.remove(room.name));
  }

  of(room: Room): T | undefined {
    return this.#known.get(room);
  }

  /** Known at once; the promise settles when it is on disk. Undefined for a room that is not stored. */
  set(room: Room, value: T): Promise<void> | undefined {
    this.#known.set(room, value);
    return room.isStored ? this.store.set(room.name, value) : undefined;
  }

  remove(room: Room): Promise<void> | undefined {
    this.#known.delete(room);
    return room.isStored ? this.store.remove(room.name) : undefined;
  }
}
