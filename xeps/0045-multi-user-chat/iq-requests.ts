// IQ requests to a room and to the service, as their handlers get them.
import type { HostIqRequest, IqAnswer } from "../../src/extension/index.js";
import type { Occupant } from "./occupant.js";
import type { Room } from "./room.js";
import type { Affiliation } from "./standing.js";

/** An IQ request to the room itself. */
export interface RoomIqRequest extends Omit<HostIqRequest, "session"> {
  readonly room: Room;
  /** The asker, when they are in the room with this very session. */
  readonly occupant: Occupant | undefined;
  /** What the asker is to the room, in it or not. */
  readonly affiliation: Affiliation;
}

export type RoomIqHandler = (request: RoomIqRequest) => IqAnswer | Promise<IqAnswer>;

/** An IQ request to the service's own address. */
export type ServiceIqRequest = Omit<HostIqRequest, "session">;
export type ServiceIqHandler = (request: ServiceIqRequest) => IqAnswer | Promise<IqAnswer>;
