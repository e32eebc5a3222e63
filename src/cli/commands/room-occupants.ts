// rookery room occupants: who is in a room.
import type { RoomOccupant } from "../../extension/room-facts.js";
import { command } from "../command.js";
import { roomField, roomNamed } from "../rooms.js";
import { duration, oneLine, plural, table } from "../style.js";

interface Listed {
  readonly occupants: readonly RoomOccupant[];
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number;
}

const fields = { room: roomField };

export const roomOccupants = command<Listed, typeof fields>({
  name: "room occupants",
  sentence: "Lists who is in a room.",
  details: "Example: rookery room occupants garden@rooms.verona.example",
  place: "server",
  fields,
  positional: ["room"],
  async run(context, { room }) {
    const { rooms, jid } = roomNamed(context, room);
    return { occupants: await rooms.occupants(jid), now: Date.now() };
  },
  render({ occupants, now }, style) {
    const rows = occupants.map(({ nick, role, affiliation, presence, lastSeenAt, addresses }) => [
      oneLine(nick),
      role,
      affiliation,
      presence,
      duration(now - lastSeenAt),
      oneLine(addresses.join(", ")),
    ]);
    const list = table(
      ["NICKNAME", "ROLE", "AFFILIATION", "PRESENCE", "SILENT", "ADDRESSES"],
      rows,
      "Nobody is in the room.",
      style,
    );
    return rows.length > 10 ? `${list}\n${style.dim(plural(rows.length, "occupant"))}` : list;
  },
});
