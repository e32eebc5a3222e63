// What the rooms of one service share.
import type { Clock, Jid, Log, OpenService } from "../../src/extension/index.js";
import type { Farewells } from "./farewells.js";
import type { Hooks } from "./hooks.js";
import type { RoomOptions } from "./options.js";
import type { Room } from "./room.js";
import type { RoomStores } from "./stores.js";
import type { Visits } from "./visits.js";

export interface RoomSurroundings {
  readonly service: OpenService;
  readonly options: RoomOptions;
  readonly stores: RoomStores;
  /** What the job stores before it returns is on disk after a crash wholly, or not at all. */
  readonly together: <T>(job: () => T) => T;
  readonly hooks: Hooks;
  readonly visits: Visits;
  readonly farewells: Farewells;
  readonly clock: Clock;
  readonly log: Log;
  /** They are owners of every room. */
  readonly admins: ReadonlySet<Jid>;
  /** Takes a room that is gone out of the directory. */
  forget(room: Room): void;
}
