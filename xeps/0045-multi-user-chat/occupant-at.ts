// Who is at an address in the room.
import { type Jid, nicknameKey } from "../../src/extension/index.js";
import type { Occupant } from "./occupant.js";
import type { Room } from "./room.js";

/** The occupant whose nickname the address says, however it is written. */
export function occupantAt(room: Room, address: Jid): Occupant | undefined {
  return occupantNamed(room, address.resource);
}

export function occupantNamed(room: Room, nick: string): Occupant | undefined {
  try {
    return room.occupants.get(nicknameKey(nick));
  } catch {
    return undefined; // nobody has what is no nickname
  }
}
